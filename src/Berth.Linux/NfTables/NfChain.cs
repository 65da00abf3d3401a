using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A chain on a hook, with the policy accept: what a table of ours does not name is for others to decide.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Type">"filter" or "nat".</param>
/// <param name="Hook">Where it stands.</param>
/// <param name="Priority">Order among chains on that hook, lower first; raw is -300, dstnat -100, filter 0, srcnat 100.</param>
/// <param name="Rules">In order.</param>
public sealed record NfChain(string Name, string Type, NfHook Hook, int Priority, IReadOnlyList<NfRule> Rules)
{
    public override string ToString()
    {
        var text = new StringBuilder($"\tchain {Name} {{\n\t\ttype {Type} hook {Hook.ToString().ToLowerInvariant()} priority {PriorityName}; policy accept;\n");
        foreach (NfRule rule in Rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t\t{rule}\n");
        }

        return text.Append("\t}\n").ToString();
    }

    private string PriorityName => Priority switch
    {
        -300 => "raw",
        -100 => "dstnat",
        0 => "filter",
        100 => "srcnat",
        _ => Priority.ToString(CultureInfo.InvariantCulture),
    };
}
