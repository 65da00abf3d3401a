namespace Berth.Cli.CommandLine;

/// <summary>"Did you mean": the names nearest to a mistyped one.</summary>
internal static class Suggestions
{
    // In a word of three letters two edits make any other.
    private static int Farthest(string name) => name.Length <= 3 ? 1 : 2;

    /// <summary>The nearest names, all equally near; none where nothing is near.</summary>
    public static string[] For(string word, Command[] among)
    {
        (string Name, int Distance)[] near = among.Where(c => !c.Hidden)
            .SelectMany(c => c.Aliases.Prepend(c.Name))
            .Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(n => n.Distance <= Farthest(n.Name))
            .ToArray();
        int best = near.Length == 0 ? 0 : near.Min(n => n.Distance);
        return near.Where(n => n.Distance == best).Select(n => n.Name).Distinct().ToArray();
    }

    /// <summary>
    /// Edits from one word to the other. The same letters in another order count as one edit: "imr" is nearer to "rmi" than to "rm".
    /// </summary>
    public static int Distance(string from, string to)
    {
        if (from.Length == to.Length && from != to && from.Order().SequenceEqual(to.Order()))
        {
            return 1;
        }

        int[] row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[to.Length];
    }
}
