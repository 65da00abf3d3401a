using System.Globalization;

namespace Berth.Linux.NfTables;

/// <summary>A key of a set, or what a map says about one key.</summary>
/// <param name="Key">Its parts.</param>
/// <param name="Value">Empty in a set.</param>
public sealed record NfElement(IReadOnlyList<NfValue> Key, IReadOnlyList<NfValue> Value)
{
    /// <summary>An element of a set.</summary>
    public NfElement(params IReadOnlyList<NfValue> key)
        : this(key, [])
    {
    }

    /// <summary>How long it stays, in a set that allows it; null: until it is removed.</summary>
    public TimeSpan? Timeout { get; init; }

    public override string ToString() =>
        string.Join(" . ", Key)
        + (Timeout is { } timeout ? string.Create(CultureInfo.InvariantCulture, $" timeout {(long)timeout.TotalSeconds}s") : "")
        + (Value.Count == 0 ? "" : $" : {string.Join(" . ", Value)}");
}
