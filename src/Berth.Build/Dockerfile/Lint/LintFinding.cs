namespace Berth.Build.Dockerfile.Lint;

/// <summary>What a rule says before anybody asked whether it may.</summary>
/// <param name="Comments">Above the instruction: "# check=skip=NAME" there silences it.</param>
internal sealed record LintFinding(LintRule Rule, string Message, LineRange Lines, IReadOnlyList<string> Comments)
{
    public static LintFinding At(InstructionNode node, LintRule rule, string message) => new(rule, message, node.Lines, node.Comments);
}
