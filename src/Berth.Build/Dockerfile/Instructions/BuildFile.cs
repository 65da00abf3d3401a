using System.Globalization;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>A Dockerfile read to its end.</summary>
/// <param name="GlobalArguments">Every ARG above the first FROM.</param>
/// <param name="Stages">At least one.</param>
public sealed record BuildFile(DockerfileSyntax Syntax, IReadOnlyList<ArgInstruction> GlobalArguments, IReadOnlyList<Stage> Stages)
{
    /// <exception cref="DockerfileException">What is wrong first, with its place.</exception>
    public static BuildFile Parse(SourceFile source) => FromSyntax(SyntaxReader.Read(source));

    /// <exception cref="DockerfileException">As <see cref="Parse"/>.</exception>
    public static BuildFile FromSyntax(DockerfileSyntax syntax)
    {
        var global = new List<ArgInstruction>();
        var stages = new List<Stage>();
        var current = new List<Instruction>();
        foreach (InstructionNode node in syntax.Instructions)
        {
            switch (ParseNode(syntax.Source, node))
            {
                case FromInstruction from:
                    current = [];
                    stages.Add(new Stage(stages.Count, from, current));
                    break;
                case ArgInstruction argument when stages.Count == 0:
                    global.Add(argument);
                    break;
                case Instruction other when stages.Count > 0:
                    current.Add(other);
                    break;
                default:
                    throw DockerfileException.Syntax("no build stage in current context: only ARG may stand above the first FROM").At(syntax.Source, node.Lines);
            }
        }

        return stages.Count > 0
            ? new BuildFile(syntax, global, stages)
            : throw DockerfileException.Syntax("dockerfile contains no stages to build").At(syntax.Source, syntax.Instructions[^1].Lines);
    }

    /// <summary>The instruction that an image's ONBUILD keeps. It is a file of its own, with the usual escape token.</summary>
    /// <exception cref="DockerfileException">It is not one instruction, or one that no trigger may be.</exception>
    public static (DockerfileSyntax Syntax, Instruction Instruction) ParseTrigger(string expression)
    {
        DockerfileSyntax syntax = SyntaxReader.Read(SourceFile.FromText("ONBUILD", expression));
        if (syntax.Instructions.Count != 1)
        {
            throw DockerfileException.Syntax("onbuild trigger should be a single expression").At(syntax.Source, syntax.Instructions[1].Lines);
        }

        Instruction instruction = ParseNode(syntax.Source, syntax.Instructions[0]);
        return instruction is not (FromInstruction or OnbuildInstruction or MaintainerInstruction)
            ? (syntax, instruction)
            : throw DockerfileException.Syntax($"{instruction.Name} isn't allowed as an ONBUILD trigger").At(syntax.Source, instruction.Lines);
    }

    /// <summary>The stage of a name, in any case, or a number. Of several with one name the last.</summary>
    /// <param name="before">Only stages above this one; null: all.</param>
    public Stage? FindStage(string name, int? before = null)
    {
        IEnumerable<Stage> stages = Stages.Take(before ?? Stages.Count);
        return stages.LastOrDefault(s => name.Equals(s.Name, StringComparison.OrdinalIgnoreCase))
            ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? stages.ElementAtOrDefault(index) : null);
    }

    /// <summary>The stage to build: the last one where none is named.</summary>
    /// <exception cref="DockerfileException">There is none of that name.</exception>
    public Stage Target(string? name) => string.IsNullOrEmpty(name)
        ? Stages[^1]
        : FindStage(name) ?? throw DockerfileException.Value($"target stage {GoQuote.Quote(name)} could not be found{StageHint(name)}");

    /// <summary>" (did you mean X?)" for a name that is no stage's; for an image that cannot be found, too, since COPY --from takes both.</summary>
    public string StageHint(string name) => Suggestion.Hint(name.ToLowerInvariant(), Stages.Select(s => s.Name).OfType<string>());

    /// <summary>
    /// Build arguments that nothing takes: no ARG names them and they are not predefined. An ONBUILD of the base may still: that is not known here.
    /// </summary>
    public IReadOnlyList<string> UnusedArguments(BuildInputs inputs)
    {
        HashSet<string> named =
        [
            .. GlobalArguments.Concat(Stages.SelectMany(s => s.Instructions).OfType<ArgInstruction>()).SelectMany(a => a.Arguments).Select(a => a.Name),
            .. PredefinedArguments.OfPlatforms(inputs).Names,
        ];
        return
        [
            .. inputs.Arguments.Keys
                .Where(name => !named.Contains(name) && !PredefinedArguments.IsProxy(name) && !PredefinedArguments.IsSetting(name))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static Instruction ParseNode(SourceFile source, InstructionNode node)
    {
        try
        {
            return InstructionParser.Parse(node);
        }
        catch (DockerfileException e)
        {
            throw e.At(source, node.Lines);
        }
    }
}
