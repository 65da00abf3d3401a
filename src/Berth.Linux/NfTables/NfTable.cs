using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A table with all that is in it, as data. The text is what "nft list table" prints for it.</summary>
public sealed record NfTable(NfFamily Family, string Name, IReadOnlyList<NfChain> Chains)
{
    public override string ToString()
    {
        var text = new StringBuilder($"table {Family.ToString().ToLowerInvariant()} {Name} {{\n");
        text.AppendJoin("\n", Chains);
        return text.Append("}\n").ToString();
    }
}
