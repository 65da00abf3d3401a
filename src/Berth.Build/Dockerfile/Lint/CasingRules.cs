using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>ConsistentInstructionCasing: what most keywords are, all should be; upper case at a draw.</summary>
internal static class CasingRules
{
    public static IEnumerable<LintFinding> Check(IReadOnlyList<Stage> stages)
    {
        InstructionNode[] nodes = [.. stages.SelectMany(s => s.Instructions.Prepend(s.From)).Select(i => i.Node)];
        int lower = nodes.Count(n => n.Keyword == n.Keyword.ToLowerInvariant());
        int upper = nodes.Count(n => n.Keyword == n.Keyword.ToUpperInvariant());
        bool isLower = lower > upper;
        return nodes
            .Where(n => n.Keyword != (isLower ? n.Keyword.ToLowerInvariant() : n.Keyword.ToUpperInvariant()))
            .Select(n => LintFinding.At(
                n, LintRules.ConsistentInstructionCasing,
                $"Command '{n.Keyword}' should match the case of the command majority ({(isLower ? "lowercase" : "uppercase")})"));
    }
}
