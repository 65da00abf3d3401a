using Berth.Build.Dockerfile.Words;
using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>
/// The variables above the first FROM: the platforms' and the global ARGs'. FROM sees them all; a stage sees one only after an ARG that names it.
/// </summary>
/// <param name="Declared">The names of the global ARGs, also of those without value.</param>
public sealed record GlobalScope(BuildVariables Variables, IReadOnlySet<string> Declared, BuildInputs Inputs)
{
    /// <summary>A global ARG's default may use those above it; a value that was given counts before the default.</summary>
    /// <exception cref="DockerfileException">A default cannot be expanded.</exception>
    public static GlobalScope Create(BuildFile file, BuildInputs inputs)
    {
        var expansion = new InstructionExpansion(file.Syntax);
        BuildVariables variables = PredefinedArguments.OfPlatforms(inputs);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (ArgInstruction instruction in file.GlobalArguments)
        {
            try
            {
                variables = instruction.Arguments.Aggregate(variables, (all, definition) => Declare(definition, all, inputs, expansion));
            }
            catch (DockerfileException e)
            {
                throw expansion.Place(e, instruction);
            }

            declared.UnionWith(instruction.Arguments.Select(a => a.Name));
        }

        return new GlobalScope(variables, declared, inputs);
    }

    /// <summary>The base and the platform of a stage.</summary>
    /// <exception cref="DockerfileException">One of them is empty or no platform; with its place.</exception>
    public ExpandedFrom Expand(FromInstruction from, InstructionExpansion expansion)
    {
        try
        {
            Expansion name = expansion.Words.Expand(from.Base, Variables);
            if (name.Text.Length == 0)
            {
                throw DockerfileException.Value($"base name ({from.Base}) should not be blank{Hint(name)}");
            }

            Expansion? platform = from.Platform is null ? null : expansion.Words.Expand(from.Platform, Variables);
            return new ExpandedFrom(name, platform, platform is null ? null : ParsePlatform(from.Platform!, platform));
        }
        catch (DockerfileException e)
        {
            throw expansion.Place(e, from);
        }
    }

    private static BuildVariables Declare(ArgDefinition definition, BuildVariables variables, BuildInputs inputs, InstructionExpansion expansion)
    {
        string? value = inputs.Arguments.GetValueOrDefault(definition.Name)
            ?? (definition.Default is null ? null : expansion.Words.Expand(definition.Default, variables).Text);
        return value is null ? variables : variables.With(definition.Name, value);
    }

    private Platform ParsePlatform(string written, Expansion platform)
    {
        if (platform.Text.Length == 0)
        {
            throw DockerfileException.Value($"empty platform value from expression {written}{Hint(platform)}");
        }

        return PlatformSpecifier.Parse(platform.Text, Inputs.BuildPlatform)
            ?? throw DockerfileException.Value(
                $"failed to parse platform {written}: {GoQuote.Quote(platform.Text)} is no platform, try linux/amd64 or linux/arm64{Hint(platform)}");
    }

    // For a name that is not set and is near to one that is.
    private string Hint(Expansion expansion) =>
        expansion.Unmatched.Order(StringComparer.Ordinal).Select(name => Suggestion.Hint(name, Variables.Names)).FirstOrDefault(hint => hint.Length > 0) ?? "";
}
