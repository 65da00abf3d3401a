using System.Text;

namespace Berth.Cli.CommandLine;

/// <summary>The list of flags in a help page: names in one column, texts wrapped in the other, as pflag lays them out.</summary>
internal static class FlagHelp
{
    // pflag's: a text may stick out by so much rather than leave a stub on the next line, and needs that many columns at least.
    private const int Slop = 5;
    private const int Narrowest = 24;

    public static string Render(Flag[] flags, int width)
    {
        Flag[] shown = flags.Where(f => !f.Hidden && f.Deprecated is null && f.SameAs is null).OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
        string[] names = Array.ConvertAll(shown, NameColumn);
        int column = names.Select(n => n.Length).DefaultIfEmpty().Max() + 3;
        var text = new StringBuilder();
        for (int i = 0; i < shown.Length; i++)
        {
            text.Append(names[i].PadRight(column));
            Wrap(text, Description(shown[i]), column, width);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string NameColumn(Flag flag)
    {
        string name = flag.Short == '\0' ? $"      --{flag.Name}" : $"  -{flag.Short}, --{flag.Name}";
        return flag.ValueName.Length == 0 ? name : $"{name} {flag.ValueName}";
    }

    private static string Description(Flag flag) => flag.Default.Length == 0 ? flag.Help : $"{flag.Help} (default {flag.Default})";

    private static void Wrap(StringBuilder into, string text, int column, int width)
    {
        int room = width - column;
        if (room < Narrowest)
        {
            column = 16;
            room = width - column;
            NewLine(into, column);
        }

        if (room < Narrowest)
        {
            into.Append(text.Replace("\n", "\n" + new string(' ', column), StringComparison.Ordinal));
            return;
        }

        room -= Slop;
        for (bool first = true; first || text.Length > 0; first = false)
        {
            if (!first)
            {
                NewLine(into, column);
            }

            (string line, text) = Cut(text, room);
            into.Append(line.Replace("\n", "\n" + new string(' ', column), StringComparison.Ordinal));
        }
    }

    private static (string Line, string Left) Cut(string text, int room)
    {
        if (room + Slop > text.Length)
        {
            return (text, "");
        }

        int blank = text.AsSpan(0, room).LastIndexOfAny(" \t\n");
        if (blank <= 0)
        {
            return (text, "");
        }

        int newLine = text.AsSpan(0, room).LastIndexOf('\n');
        int end = newLine > 0 && newLine < blank ? newLine : blank;
        return (text[..end], text[(end + 1)..]);
    }

    private static void NewLine(StringBuilder into, int column) => into.Append('\n').Append(' ', column);
}
