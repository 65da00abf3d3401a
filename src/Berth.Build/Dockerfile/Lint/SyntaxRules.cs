using Berth.Build.Dockerfile.Instructions;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>NoEmptyContinuation, MaintainerDeprecated, LegacyKeyValueFormat and InvalidDefinitionDescription: what a line alone shows.</summary>
internal static class SyntaxRules
{
    public static IEnumerable<LintFinding> Check(BuildFile file) =>
        NoEmptyContinuation(file.Syntax)
            .Concat(file.GlobalArguments.SelectMany(Of))
            .Concat(file.Stages.SelectMany(stage => Of(stage.From).Concat(stage.Instructions.SelectMany(Of))));

    private static IEnumerable<LintFinding> NoEmptyContinuation(DockerfileSyntax syntax) =>
        syntax.EmptyContinuations.Select(line => new LintFinding(LintRules.NoEmptyContinuation, "Empty continuation line", new LineRange(line, line), []));

    private static IEnumerable<LintFinding> Of(Instruction instruction) => instruction switch
    {
        MaintainerInstruction => [LintFinding.At(instruction.Node, LintRules.MaintainerDeprecated, "Maintainer instruction is deprecated in favor of using label")],
        EnvInstruction env => Legacy(env.Node, env.Variables),
        LabelInstruction label => Legacy(label.Node, label.Labels),
        FromInstruction { StageName: string name } => Description(instruction.Node, "FROM", [name]),
        ArgInstruction arg => Description(instruction.Node, "ARG", [.. arg.Arguments.Select(a => a.Name)]),
        _ => [],
    };

    private static IEnumerable<LintFinding> Legacy(InstructionNode node, IReadOnlyList<KeyValue> pairs) =>
        pairs.Where(p => p.IsLegacy).Select(_ => LintFinding.At(
            node, LintRules.LegacyKeyValueFormat, $"\"{node.Keyword} key=value\" should be used instead of legacy \"{node.Keyword} key value\" format"));

    private static IEnumerable<LintFinding> Description(InstructionNode node, string keyword, string[] names)
    {
        if (node.Comments.Count > 0 && !names.Contains(node.Comments[^1].Split(' ')[0]))
        {
            string example = names.Length == 1 ? names[0] : "<arg_key>";
            yield return LintFinding.At(node, LintRules.InvalidDefinitionDescription, $"Comment for {keyword} should follow the format: `# {example} <description>`");
        }
    }
}
