namespace Berth.Build.Dockerfile.Lint;

/// <summary>A rule under BuildKit's name for it.</summary>
/// <param name="IsExperimental">Speaks only where it is asked for.</param>
public sealed record LintRule(string Name, string Description, bool IsExperimental = false)
{
    /// <summary>Where the rule is explained.</summary>
    public string Url => "https://docs.docker.com/go/dockerfile/rule/" + Slug() + "/";

    // "JSONArgsRecommended" is json-args-recommended: a hyphen where a word begins.
    private string Slug() => string.Concat(Name.Select((c, i) =>
    {
        bool begins = i > 0 && char.IsUpper(c) && (char.IsLower(Name[i - 1]) || (i + 1 < Name.Length && char.IsLower(Name[i + 1])));
        return (begins ? "-" : "") + char.ToLowerInvariant(c);
    }));
}
