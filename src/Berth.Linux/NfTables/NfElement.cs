namespace Berth.Linux.NfTables;

/// <summary>What a map says about one key.</summary>
public sealed record NfElement(IReadOnlyList<NfValue> Key, IReadOnlyList<NfValue> Value)
{
    public override string ToString() => $"{string.Join(" . ", Key)} : {string.Join(" . ", Value)}";
}
