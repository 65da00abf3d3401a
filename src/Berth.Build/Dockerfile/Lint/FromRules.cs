using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Dockerfile.Words;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>
/// UndefinedArgInFrom, InvalidDefaultArgInFrom, RedundantTargetPlatform, FromPlatformFlagConstDisallowed and InvalidBaseImagePlatform: a FROM and the global
/// ARGs above it.
/// </summary>
internal static class FromRules
{
    public static IEnumerable<LintFinding> Check(LintSubject subject) => InvalidDefaults(subject).Concat(Froms(subject));

    // Asks what a build without arguments would take.
    private static List<LintFinding> InvalidDefaults(LintSubject subject)
    {
        var findings = new List<LintFinding>();
        try
        {
            var words = new WordExpander(subject.File.Syntax.Escape);
            BuildInputs platforms = subject.Inputs with { Arguments = new Dictionary<string, string>() };
            BuildVariables variables = GlobalScope.Create(subject.File, platforms).Variables;
            foreach (FromInstruction from in subject.File.Stages.Select(s => s.From))
            {
                if (!ImageReference.TryParse(words.Expand(from.Base, variables).Text, out _))
                {
                    findings.Add(LintFinding.At(
                        from.Node, LintRules.InvalidDefaultArgInFrom, $"Default value for ARG {from.Base} results in empty or invalid base image name"));
                }
            }
        }
        catch (DockerfileException)
        {
            // A default that needs a value, as ${X:?}: the build with its arguments tells whether that is wrong.
        }

        return findings;
    }

    private static IEnumerable<LintFinding> Froms(LintSubject subject)
    {
        var expansion = new InstructionExpansion(subject.File.Syntax);
        var scope = GlobalScope.Create(subject.File, subject.Inputs);
        foreach (FromInstruction from in subject.File.Stages.Select(s => s.From))
        {
            // Before the whole is expanded: that fails where the name is empty, and this says why.
            foreach (LintFinding finding in Undefined(from, scope, expansion))
            {
                yield return finding;
            }

            ExpandedFrom expanded = scope.Expand(from, expansion);
            foreach (LintFinding finding in OfPlatform(from, expanded, scope).Concat(OfBase(from, expanded, subject)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<LintFinding> Undefined(FromInstruction from, GlobalScope scope, InstructionExpansion expansion)
    {
        string[] known = [.. scope.Variables.Names.Union(scope.Declared)];
        foreach (string text in new[] { from.Base, from.Platform }.OfType<string>())
        {
            foreach (string name in Unmatched(text, scope, expansion).Except(known).Order(StringComparer.Ordinal))
            {
                yield return LintFinding.At(
                    from.Node, LintRules.UndefinedArgInFrom, $"FROM argument '{name}' is not declared{Suggestion.Hint(name, known)}");
            }
        }
    }

    private static IReadOnlySet<string> Unmatched(string text, GlobalScope scope, InstructionExpansion expansion)
    {
        try
        {
            return expansion.Words.Expand(text, scope.Variables).Unmatched;
        }
        catch (DockerfileException)
        {
            // The expansion of the whole says it with its place.
            return new HashSet<string>();
        }
    }

    private static IEnumerable<LintFinding> OfPlatform(FromInstruction from, ExpandedFrom expanded, GlobalScope scope)
    {
        if (expanded is not { PlatformText: Expansion text, Platform: Platform platform })
        {
            yield break;
        }

        bool isTarget = text.Unmatched.Count == 0 && text.Matched.SetEquals(["TARGETPLATFORM"]) && text.Text == scope.Variables["TARGETPLATFORM"];
        if (isTarget)
        {
            yield return LintFinding.At(
                from.Node, LintRules.RedundantTargetPlatform,
                $"Setting platform to predefined {from.Platform} in FROM is redundant as this is the default behavior");
        }

        string name = from.StageName ?? "";
        bool isNamed = name.Contains(platform.Os, StringComparison.Ordinal) || name.Contains(platform.Architecture, StringComparison.Ordinal);
        if (text.Matched.Count == 0 && text.Unmatched.Count == 0 && !isNamed)
        {
            yield return LintFinding.At(
                from.Node, LintRules.FromPlatformFlagConstDisallowed, $"FROM --platform flag should not use constant value \"{text.Text}\"");
        }
    }

    private static IEnumerable<LintFinding> OfBase(FromInstruction from, ExpandedFrom expanded, LintSubject subject)
    {
        Platform expected = expanded.Platform ?? subject.Inputs.TargetPlatform;
        string name = expanded.Base.Text;
        if (subject.BaseImages.TryGetValue(name, out BaseImageFacts? image)
            && (image.Platform.Os, image.Platform.Architecture) != (expected.Os, expected.Architecture))
        {
            yield return LintFinding.At(
                from.Node, LintRules.InvalidBaseImagePlatform,
                $"Base image {name} was pulled with platform \"{image.Platform}\", expected \"{expected}\" for current build");
        }
    }
}
