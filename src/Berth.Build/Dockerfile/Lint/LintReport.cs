namespace Berth.Build.Dockerfile.Lint;

/// <summary>What the rules found, in the order of the lines.</summary>
/// <param name="Failure">The build would fail here; rules that need what comes after it did not speak.</param>
public sealed record LintReport(IReadOnlyList<LintWarning> Warnings, LintOptions Options, DockerfileException? Failure)
{
    /// <summary>Why the build may not go on: null unless "error=true" was asked for and there are warnings.</summary>
    public string? Violation => Options.WarningsAreErrors && Warnings.Count > 0
        ? "lint violation found for rules: " + string.Join(", ", Warnings.Select(w => w.Rule.Name).Distinct().Order(StringComparer.Ordinal))
        : null;
}
