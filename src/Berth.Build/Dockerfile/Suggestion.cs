namespace Berth.Build.Dockerfile;

/// <summary>"Did you mean": the nearest of some names, at most two edits away, as BuildKit (util/suggest) wants it.</summary>
public static class Suggestion
{
    private const int TooFar = 3;

    // Names longer than this are not typed by hand; comparing them would cost their product.
    private const int LongestCompared = 256;

    private const int MostCompared = 300;

    /// <summary>null: none is near, or the name is right and what failed was something else.</summary>
    public static string? Nearest(string name, IEnumerable<string> known, bool ignoreCase = false)
    {
        string wanted = ignoreCase ? name.ToLowerInvariant() : name;
        string? nearest = null;
        int best = TooFar;
        foreach (string candidate in known.Take(MostCompared))
        {
            string other = ignoreCase ? candidate.ToLowerInvariant() : candidate;
            if (other == wanted)
            {
                return null;
            }

            int distance = Distance(wanted, other);
            if (distance < best)
            {
                (best, nearest) = (distance, ignoreCase ? InCaseOf(other, name) : candidate);
            }
        }

        return nearest;
    }

    /// <summary>" (did you mean X?)" or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known, bool ignoreCase = false) =>
        Nearest(name, known, ignoreCase) is string nearest ? $" (did you mean {nearest}?)" : "";

    // Levenshtein's distance, with two neighbours swapped as one edit: RNU is nearer to RUN than to ENV. Three rows are kept.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) >= TooFar || a.Length > LongestCompared)
        {
            return TooFar;
        }

        int[] twoAbove = new int[b.Length + 1];
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                row[j] = isSwap ? Math.Min(row[j], twoAbove[j - 2] + 1) : row[j];
            }

            (twoAbove, above, row) = (above, row, twoAbove);
        }

        return above[b.Length];
    }

    private static string InCaseOf(string lower, string model) => model == model.ToUpperInvariant() && model != model.ToLowerInvariant() ? lower.ToUpperInvariant() : lower;
}
