using System.Collections.Immutable;

using Berth.Build.Dockerfile.Words;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>
/// The variables at one place of a stage: the base image's, and those of the ENVs and ARGs above, of which the last one of a name counts (as in BuildKit:
/// an ARG below an ENV replaces it for the steps, not in the image). A stage that begins from another one begins with its scope.
/// </summary>
/// <param name="Arguments">The ARGs so far with their values; null: declared without one. They are variables of the steps, but not of the image.</param>
public sealed record StageScope(BuildVariables Variables, ImmutableList<ArgDefinition> Arguments)
{
    /// <summary>The environment of images that have none of their own (moby's default).</summary>
    public const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>A stage from an image with this environment.</summary>
    public static StageScope FromImage(IEnumerable<string> environment) => new(BuildVariables.FromList(environment), []);

    /// <summary>A stage FROM scratch.</summary>
    public static StageScope FromScratch() => FromImage([DefaultPath]);

    /// <summary>Expands an instruction and tells what holds below it.</summary>
    /// <exception cref="DockerfileException">With the instruction's place.</exception>
    public (ExpandedInstruction Expanded, StageScope Below) Apply(Instruction instruction, GlobalScope global, InstructionExpansion expansion)
    {
        if (instruction is ArgInstruction argument)
        {
            return Declare(argument, global, expansion);
        }

        ExpandedInstruction expanded = expansion.Expand(instruction, Variables);
        StageScope below = expanded.Instruction is EnvInstruction env
            ? this with { Variables = Set(env, expansion) }
            : this;
        return (expanded, below);
    }

    private BuildVariables Set(EnvInstruction env, InstructionExpansion expansion)
    {
        try
        {
            return env.Variables.Aggregate(Variables, (all, pair) => all.With(pair.Key, pair.Value));
        }
        catch (DockerfileException e)
        {
            throw expansion.Place(e, env);
        }
    }

    // By precedence: the value given, the default here, the value of the global ARG or the platform's.
    private (ExpandedInstruction Expanded, StageScope Below) Declare(ArgInstruction instruction, GlobalScope global, InstructionExpansion expansion)
    {
        try
        {
            return Values(instruction, global, expansion);
        }
        catch (DockerfileException e)
        {
            throw expansion.Place(e, instruction);
        }
    }

    private (ExpandedInstruction Expanded, StageScope Below) Values(ArgInstruction instruction, GlobalScope global, InstructionExpansion expansion)
    {
        StageScope below = this;
        var values = new List<ArgDefinition>();
        var unmatched = new HashSet<string>(StringComparer.Ordinal);
        foreach (ArgDefinition definition in instruction.Arguments)
        {
            string? value = global.Inputs.Arguments.GetValueOrDefault(definition.Name);
            if (value is null && definition.Default is not null)
            {
                Expansion expanded = expansion.Words.Expand(definition.Default, below.Variables);
                unmatched.UnionWith(expanded.Unmatched);
                value = expanded.Text;
            }

            value ??= definition.Default is null ? global.Variables[definition.Name] : null;
            ArgDefinition settled = definition with { Default = value };
            values.Add(settled);
            bool isVariable = value is not null && PredefinedArguments.IsVariable(definition.Name);
            below = new StageScope(isVariable ? below.Variables.With(definition.Name, value!) : below.Variables, below.Arguments.Add(settled));
        }

        return (new ExpandedInstruction(instruction with { Arguments = values }, unmatched), below);
    }
}
