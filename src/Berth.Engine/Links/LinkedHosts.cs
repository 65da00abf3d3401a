namespace Berth.Engine.Links;

/// <summary>The linked containers' lines in a hosts file that is in use: they change, what else a user wrote there stays. Pure.</summary>
internal static class LinkedHosts
{
    /// <param name="text">The file.</param>
    /// <param name="aliases">Of all links, also of those that lead nowhere at present or any more: their lines are taken out.</param>
    /// <param name="entries">What is to be there; the first name is the alias.</param>
    public static string Update(string text, IReadOnlyCollection<string> aliases, IReadOnlyList<HostsEntry> entries)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = lines.FindIndex(l => IsOf(l, aliases));
        if (at < 0)
        {
            at = lines is [.., ""] ? lines.Count - 1 : lines.Count;
        }

        lines.RemoveAll(l => IsOf(l, aliases));
        lines.InsertRange(at, entries.Select(e => e.ToString()));
        return string.Join('\n', lines);
    }

    // A linked container has its host name behind the alias: "--add-host alias:…" makes a line with one name, and stays.
    private static bool IsOf(string line, IReadOnlyCollection<string> aliases)
    {
        string[] fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 2 && aliases.Contains(fields[1]);
    }
}
