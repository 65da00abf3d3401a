namespace Berth.Network.Dns;

/// <summary>What becomes of a query.</summary>
internal enum Verdict
{
    /// <summary>The answer is written.</summary>
    Answered,

    /// <summary>The answer is written: a refusal by the allow list, to be reported.</summary>
    Blocked,

    /// <summary>An upstream server has to be asked.</summary>
    Forward,
}
