using System.Collections.Immutable;

using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>"skip=A,B;error=true;experimental=all": the value of "# check=" and of the build argument BUILDKIT_DOCKERFILE_CHECK.</summary>
public sealed record LintOptions
{
    public static LintOptions Default { get; } = new();

    public bool SkipAll { get; init; }

    public ImmutableHashSet<string> Skip { get; init; } = [];

    public bool ExperimentalAll { get; init; }

    public ImmutableHashSet<string> Experimental { get; init; } = [];

    /// <summary>A warning fails the build.</summary>
    public bool WarningsAreErrors { get; init; }

    /// <exception cref="DockerfileException">An option is unknown or has no value.</exception>
    public static LintOptions Parse(string text)
    {
        var options = new LintOptions();
        foreach (string part in text.Trim().Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? "" : part[..equals].Trim();
            string value = part[(equals + 1)..].Trim();
            options = name switch
            {
                "skip" when value == "all" => options with { SkipAll = true },
                "skip" => options with { Skip = Names(value) },
                "experimental" when value == "all" => options with { ExperimentalAll = true },
                "experimental" => options with { Experimental = Names(value) },
                "error" => options with { WarningsAreErrors = GoBoolean.Parse(value) ?? throw DockerfileException.Syntax($"failed to parse check option \"{part}\"") },
                _ => throw DockerfileException.Syntax($"invalid check option \"{(equals < 0 ? part : name)}\""),
            };
        }

        return options;
    }

    /// <summary>Those in force: the build argument's where it is given, else the file's.</summary>
    /// <exception cref="DockerfileException">As <see cref="Parse"/>.</exception>
    public static LintOptions Of(DockerfileSyntax syntax, BuildInputs inputs)
    {
        ParserDirective? directive = syntax.Directives.FirstOrDefault(d => d.Name == ParserDirective.Check);
        try
        {
            string? given = inputs.Arguments.GetValueOrDefault("BUILDKIT_DOCKERFILE_CHECK");
            return Parse(given ?? directive?.Value.Split(' ')[0] ?? "");
        }
        catch (DockerfileException e) when (directive is not null)
        {
            throw e.At(syntax.Source, new LineRange(directive.Line, directive.Line));
        }
    }

    /// <summary>With what the comments above an instruction say; a comment that says it wrongly is a comment.</summary>
    internal LintOptions With(IReadOnlyList<string> comments)
    {
        foreach (string comment in comments)
        {
            if (DirectiveReader.Parse(comment) is not (ParserDirective.Check, string value))
            {
                continue;
            }

            try
            {
                LintOptions other = Parse(value.Split(' ')[0]);
                return this with
                {
                    SkipAll = SkipAll || other.SkipAll,
                    Skip = Skip.Union(other.Skip),
                    ExperimentalAll = ExperimentalAll || other.ExperimentalAll,
                    Experimental = Experimental.Union(other.Experimental),
                };
            }
            catch (DockerfileException)
            {
                return this;
            }
        }

        return this;
    }

    internal bool Wants(LintRule rule) =>
        rule.IsExperimental ? ExperimentalAll || Experimental.Contains(rule.Name) : !SkipAll && !Skip.Contains(rule.Name);

    private static ImmutableHashSet<string> Names(string value) => [.. value.Split(',').Select(name => name.Trim())];
}
