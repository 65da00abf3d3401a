namespace Berth.Linux.NfTables;

/// <summary>What a rule does with packets that match.</summary>
public enum NfRuleVerdict
{
    /// <summary>Nothing final: it counts, logs, marks.</summary>
    None,
    Accept,

    /// <summary>Dropped, or refused with an answer.</summary>
    Drop,
    Jump,

    /// <summary>A jump that does not come back here.</summary>
    Goto,
    Return,

    /// <summary>Not understood: a map of verdicts, another program's target.</summary>
    Unread,
}
