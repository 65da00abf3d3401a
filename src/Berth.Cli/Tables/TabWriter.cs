using System.Text;

namespace Berth.Cli.Tables;

/// <summary>
/// Aligns cells that end in a tab, as Go's text/tabwriter does: a column is a run of lines that have that cell, and is as wide as its widest
/// cell. What follows a line's last tab is no cell.
/// </summary>
internal sealed class TabWriter(int narrowest, int padding)
{
    private readonly List<string[]> lines = [];
    private readonly StringBuilder output = new();
    private readonly List<int> widths = [];

    /// <summary>Docker's tables of objects.</summary>
    public static TabWriter ForTables() => new(10, 3);

    /// <summary>Docker's table of processes.</summary>
    public static TabWriter ForProcesses() => new(20, 3);

    public void Add(string text)
    {
        string[] added = text.Split('\n');
        int count = added[^1].Length == 0 ? added.Length - 1 : added.Length;
        for (int i = 0; i < count; i++)
        {
            lines.Add(added[i].Split('\t'));
        }
    }

    public override string ToString()
    {
        Format(0, lines.Count);
        return output.ToString();
    }

    private void Format(int from, int to)
    {
        int column = widths.Count;
        for (int line = from; line < to; line++)
        {
            if (column >= lines[line].Length - 1)
            {
                continue;
            }

            Write(from, line);
            from = line;
            int width = narrowest;
            for (; line < to && column < lines[line].Length - 1; line++)
            {
                width = Math.Max(width, Width(lines[line][column]) + padding);
            }

            widths.Add(width);
            Format(from, line);
            widths.RemoveAt(column);
            from = line;
        }

        Write(from, to);
    }

    private void Write(int from, int to)
    {
        for (int line = from; line < to; line++)
        {
            string[] cells = lines[line];
            for (int i = 0; i < cells.Length; i++)
            {
                output.Append(cells[i]);
                if (i < widths.Count && i < cells.Length - 1)
                {
                    output.Append(' ', Math.Max(0, widths[i] - Width(cells[i])));
                }
            }

            output.Append('\n');
        }
    }

    private static int Width(string text) => text.EnumerateRunes().Count();
}
