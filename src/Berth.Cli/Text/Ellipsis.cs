using System.Text;

namespace Berth.Cli.Text;

/// <summary>Cuts what is too long and says so with one character.</summary>
internal static class Ellipsis
{
    public static string Cut(string text, int longest)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        if (runes.Length <= longest)
        {
            return text;
        }

        var cut = new StringBuilder();
        foreach (Rune rune in runes.Take(longest - 1))
        {
            cut.Append(rune.ToString());
        }

        return cut.Append('…').ToString();
    }
}
