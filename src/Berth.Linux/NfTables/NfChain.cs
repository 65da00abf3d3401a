using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A list of rules: on a hook, where packets pass through it, or without, where rules jump to it.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Rules">In order.</param>
public sealed record NfChain(string Name, IReadOnlyList<NfRule> Rules)
{
    /// <summary>A chain on a hook, with the policy accept: what a table of ours does not name is for others to decide.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="type">"filter", "nat" or, on the output hook, "route": a packet whose mark it changed is routed anew.</param>
    /// <param name="hook">Where it stands.</param>
    /// <param name="priority">Order among chains on that hook, lower first; raw is -300, mangle -150, dstnat -100, filter 0, srcnat 100.</param>
    /// <param name="rules">In order.</param>
    public NfChain(string name, string type, NfHook hook, int priority, IReadOnlyList<NfRule> rules)
        : this(name, rules) =>
        (Type, Hook, Priority) = (type, hook, priority);

    /// <summary>"filter", "nat" or "route".</summary>
    public string Type { get; } = "";

    /// <summary>Null: packets come by a jump only.</summary>
    public NfHook? Hook { get; }

    public int Priority { get; }

    public override string ToString()
    {
        var text = new StringBuilder($"\tchain {Name} {{\n");
        if (Hook is { } hook)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t\ttype {Type} hook {hook.ToString().ToLowerInvariant()} priority {PriorityName}; policy accept;\n");
        }

        foreach (NfRule rule in Rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t\t{rule}\n");
        }

        return text.Append("\t}\n").ToString();
    }

    // nft knows "dstnat" on the prerouting hook only.
    private string PriorityName => (Priority, Hook) switch
    {
        (-300, _) => "raw",
        (-150, _) => "mangle",
        (-100, NfHook.Prerouting) => "dstnat",
        (0, _) => "filter",
        (100, NfHook.Postrouting) => "srcnat",
        _ => Priority.ToString(CultureInfo.InvariantCulture),
    };
}
