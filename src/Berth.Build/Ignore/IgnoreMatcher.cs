namespace Berth.Build.Ignore;

/// <summary>
/// Patterns in their order: of all that match a path or a folder above it, the last one decides. Safe for several threads.
/// </summary>
public sealed class IgnoreMatcher
{
    public const int MostPatterns = 10_000;

    private readonly IgnorePattern[] _patterns;

    /// <param name="patterns">As <see cref="IgnoreFile.Read"/> gives them.</param>
    /// <exception cref="IgnoreException">One is no pattern, or there are too many.</exception>
    public IgnoreMatcher(IReadOnlyList<string> patterns)
    {
        if (patterns.Count > MostPatterns)
        {
            throw new IgnoreException($"more than {MostPatterns} ignore patterns");
        }

        _patterns = [.. patterns.Select(p => p.Trim()).Where(p => p.Length > 0).Select(p => IgnorePattern.Parse(CleanPath.Of(p)))];
        HasExceptions = _patterns.Any(p => p.IsException);
    }

    /// <summary>Some pattern begins with "!".</summary>
    public bool HasExceptions { get; }

    internal bool IgnoresEverything => _patterns.Any(p => !p.IsException && p.Text is "*" or "**" or "**/*");

    /// <summary>Whether a path of the context, with slashes, is ignored. The context itself never is.</summary>
    public bool IsIgnored(string path) => Relative(path) is string clean && Walk(clean).IsIgnored;

    /// <summary>
    /// The same for a walk through the tree: what is known of the folder is not asked again. The answer for a folder is the third argument for what is in it.
    /// </summary>
    /// <param name="path">Clean and relative.</param>
    /// <param name="folder">null: the context's root.</param>
    public IgnoreMatch Match(string path, IgnoreMatch? folder)
    {
        bool[] matched = new bool[_patterns.Length];
        bool isIgnored = false;
        for (int i = 0; i < _patterns.Length; i++)
        {
            IgnorePattern pattern = _patterns[i];
            matched[i] = folder?.Matched[i] == true || pattern.Matches(path);
            isIgnored = matched[i] ? !pattern.IsException : isIgnored;
        }

        return new IgnoreMatch(isIgnored, matched);
    }

    /// <summary>Whether a walk need not enter an ignored folder: no exception can match anything below.</summary>
    public bool CanSkip(string folder, IgnoreMatch match) =>
        match.IsIgnored && !_patterns.Where((p, i) => p.IsException && (match.Matched[i] || p.MayMatchBelow(folder))).Any();

    private IgnoreMatch Walk(string path)
    {
        IgnoreMatch? folder = null;
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            folder = Match(path[..slash], folder);
        }

        return Match(path, folder);
    }

    private static string? Relative(string path)
    {
        string clean = CleanPath.Of(path).TrimStart('/');
        return clean is "" or "." ? null : clean;
    }
}
