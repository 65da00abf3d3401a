using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>DuplicateStageName, ReservedStageName, StageNameCasing and FromAsCasing.</summary>
internal static class StageNameRules
{
    public static IEnumerable<LintFinding> Check(IReadOnlyList<Stage> stages)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (FromInstruction from in stages.Select(s => s.From))
        {
            if (from.StageName is not string name)
            {
                continue;
            }

            InstructionNode node = from.Node;
            if (name is "context" or "scratch")
            {
                yield return LintFinding.At(node, LintRules.ReservedStageName, $"Stage name should not use the same name as reserved stage \"{name}\"");
            }

            if (!seen.Add(name))
            {
                yield return LintFinding.At(node, LintRules.DuplicateStageName, $"Duplicate stage name \"{name}\", stage names should be unique");
            }

            (string keyword, string written) = (node.Arguments[1], node.Arguments[2]);
            if (written != name)
            {
                yield return LintFinding.At(node, LintRules.StageNameCasing, $"Stage name '{written}' should be lowercase");
            }

            if (!GoesWith(node.Keyword, keyword))
            {
                yield return LintFinding.At(node, LintRules.FromAsCasing, $"'{keyword}' and '{node.Keyword}' keywords' casing do not match");
            }
        }
    }

    // A FROM in mixed case has a rule of its own.
    private static bool GoesWith(string from, string keyword) =>
        from == from.ToLowerInvariant() ? keyword == keyword.ToLowerInvariant() : from != from.ToUpperInvariant() || keyword == keyword.ToUpperInvariant();
}
