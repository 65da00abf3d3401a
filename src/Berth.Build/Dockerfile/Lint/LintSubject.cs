using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Ignore;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>What the rules look at.</summary>
public sealed record LintSubject(BuildFile File, BuildInputs Inputs)
{
    /// <summary>null: the context has no ignore file, or there is no context.</summary>
    public IgnoreMatcher? Ignore { get; init; }

    /// <summary>By the name in FROM after expansion. Of an image that is not here no variable is called undefined.</summary>
    public IReadOnlyDictionary<string, BaseImageFacts> BaseImages { get; init; } = new Dictionary<string, BaseImageFacts>();

    /// <summary>The numbers of the stages whose instructions are looked at: those that a build needs. null: all, as --check does.</summary>
    public IReadOnlySet<int>? Stages { get; init; }
}
