namespace Berth.Network.Dns.Messages;

/// <summary>Why a client's message is not answered with records.</summary>
internal enum QueryFault
{
    None,
    Malformed,

    /// <summary>Not a query: NOTIFY, UPDATE and the others.</summary>
    OtherOperation,

    /// <summary>An EDNS version that nobody has defined yet.</summary>
    OtherVersion,
}
