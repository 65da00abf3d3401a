using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A set that rules look packets up in: what it costs does not grow with what is in it, and one element changes without its rules.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Key">What is looked up, in the order of the parts. At most 64 bytes; an interface's name and an IPv6 address have 16, all else 4.</param>
/// <param name="Elements">What is in it from the start.</param>
public sealed record NfSet(string Name, IReadOnlyList<NfType> Key, params IReadOnlyList<NfElement> Elements)
{
    /// <summary>Elements may have a lifetime, after which the kernel takes them out. One without stays in this set too.</summary>
    public bool Timeouts { get; init; }

    /// <summary>How many elements it takes; one more is refused with ENFILE. 0: as many as there is memory for.</summary>
    public uint Size { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\tset {Name} {{\n\t\ttype {NfTypes.Names(Key)}\n{(Size > 0 ? $"\t\tsize {Size}\n" : "")}{(Timeouts ? "\t\tflags timeout\n" : "")}");
        return text.AppendElements(Elements).Append("\t}\n").ToString();
    }
}
