using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A table with all that is in it, as data. The text is what "nft list table" prints for it.</summary>
public sealed record NfTable(NfFamily Family, string Name, IReadOnlyList<NfChain> Chains)
{
    /// <summary>What its rules look up.</summary>
    public IReadOnlyList<NfMap> Maps { get; init; } = [];

    /// <summary>What its rules look up. They stand behind the maps.</summary>
    public IReadOnlyList<NfSet> Sets { get; init; } = [];

    /// <summary>
    /// Only the socket that made it changes it: it outlasts others' "flush ruleset", and the socket too, after which it is anybody's. Kernels before 6.9
    /// refuse that (EOPNOTSUPP, EINVAL).
    /// </summary>
    public bool Owned { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder($"table {Family.ToString().ToLowerInvariant()} {Name} {{\n");
        text.AppendJoin("\n", Maps.Select(static m => m.ToString()).Concat(Sets.Select(static s => s.ToString())).Concat(Chains.Select(static c => c.ToString())));
        return text.Append("}\n").ToString();
    }
}
