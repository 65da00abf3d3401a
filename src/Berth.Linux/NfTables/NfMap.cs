using System.Globalization;
using System.Text;

namespace Berth.Linux.NfTables;

/// <summary>A map that rules look packets up in: what it costs does not grow with what is in it, and one element changes without its rules.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Key">What is looked up, in the order of the parts.</param>
/// <param name="Value">What is found.</param>
/// <param name="Elements">What is in it from the start.</param>
public sealed record NfMap(string Name, IReadOnlyList<NfType> Key, IReadOnlyList<NfType> Value, params IReadOnlyList<NfElement> Elements)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\tmap {Name} {{\n\t\ttype {NfTypes.Names(Key)} : {NfTypes.Names(Value)}\n");
        return text.AppendElements(Elements).Append("\t}\n").ToString();
    }
}
