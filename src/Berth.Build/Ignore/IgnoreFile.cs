namespace Berth.Build.Ignore;

/// <summary>
/// A .dockerignore: one pattern a line. "#" as the very first character makes a comment; blanks around count for nothing; "!" takes back what patterns above
/// ignore; a slash in front means the same as none (moby/patternmatcher, ignorefile).
/// </summary>
public static class IgnoreFile
{
    /// <summary>Characters of a file.</summary>
    public const int FileSize = 1024 * 1024;

    public const string DefaultName = ".dockerignore";

    /// <summary>The names to try for a Dockerfile, the first that exists counts: "x.Dockerfile.dockerignore" beside it, then the context's own.</summary>
    public static IReadOnlyList<string> NamesFor(string dockerfile) => [dockerfile + DefaultName, DefaultName];

    /// <summary>The patterns, cleaned. For <see cref="IgnoreMatcher"/>.</summary>
    /// <exception cref="IgnoreException">It is too large.</exception>
    public static IReadOnlyList<string> Read(string text)
    {
        if (text.Length > FileSize)
        {
            throw new IgnoreException($"the ignore file is larger than {FileSize} characters");
        }

        var patterns = new List<string>();
        foreach (string line in text.TrimStart('\uFEFF').Split('\n'))
        {
            string pattern = line.StartsWith('#') ? "" : line.Trim();
            if (pattern.Length > 0)
            {
                patterns.Add(pattern[0] == '!' ? "!" + Clean(pattern[1..].Trim()) : Clean(pattern));
            }
        }

        return patterns;
    }

    private static string Clean(string pattern)
    {
        if (pattern.Length == 0)
        {
            return "";
        }

        string clean = CleanPath.Of(pattern);
        return clean.Length > 1 && clean[0] == '/' ? clean[1..] : clean;
    }
}
