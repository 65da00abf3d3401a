using Berth.Build.Dockerfile.Instructions;
using Berth.Build.Ignore;

namespace Berth.Build.Dockerfile.Lint;

/// <summary>
/// UndefinedVar, SecretsUsedInArgOrEnv, WorkdirRelativePath, JSONArgsRecommended, CopyIgnoredFile, ExposeProtoCasing and ExposeInvalidFormat: an instruction
/// at its place.
/// </summary>
internal static class InstructionRules
{
    private static readonly HashSet<string> SecretWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token",
    };

    private static readonly HashSet<string> OpenWords = new(StringComparer.OrdinalIgnoreCase) { "public", "file", "version" };

    public static IEnumerable<LintFinding> Check(ExpandedInstruction expanded, StageState state, IgnoreMatcher? ignore) =>
        UndefinedVariables(expanded, state).Concat(ByKind(expanded.Instruction, state, ignore));

    /// <summary>Before expansion makes "80/tcp" of everything.</summary>
    public static IEnumerable<LintFinding> CheckPorts(Instruction instruction, StageScope scope, InstructionExpansion expansion)
    {
        if (instruction is not ExposeInstruction expose)
        {
            yield break;
        }

        foreach (ExposedPort port in Ports(expose, scope, expansion))
        {
            if (port.Protocol != port.Protocol.ToLowerInvariant())
            {
                yield return LintFinding.At(
                    expose.Node, LintRules.ExposeProtoCasing, $"Defined protocol '{port.Text}' in EXPOSE instruction should be lowercase");
            }

            if (port.HasHostPart)
            {
                yield return LintFinding.At(
                    expose.Node, LintRules.ExposeInvalidFormat,
                    $"EXPOSE instruction should not define an IP address or host-port mapping, found '{port.Text}'");
            }
        }
    }

    private static IEnumerable<ExposedPort> Ports(ExposeInstruction expose, StageScope scope, InstructionExpansion expansion)
    {
        try
        {
            return [.. expose.Ports.SelectMany(p => expansion.Words.Split(p, scope.Variables)).Select(ExposedPort.Parse)];
        }
        catch (DockerfileException)
        {
            // The expansion of the whole says it with its place.
            return [];
        }
    }

    private static IEnumerable<LintFinding> ByKind(Instruction instruction, StageState state, IgnoreMatcher? ignore) => instruction switch
    {
        EnvInstruction env => env.Variables.Where(p => IsSecret(p.Key)).Select(p => Secret(env.Node, "ENV", p.Key)),
        ArgInstruction arg => arg.Arguments.Where(a => IsSecret(a.Name)).Select(a => Secret(arg.Node, "ARG", a.Name)),
        WorkdirInstruction workdir when !state.HasWorkdir && !workdir.Path.StartsWith('/') =>
        [
            LintFinding.At(
                workdir.Node, LintRules.WorkdirRelativePath,
                $"Relative workdir {GoQuote.Quote(workdir.Path)} can have unexpected results if the base image changes"),
        ],
        CmdInstruction { Command.IsShellForm: true } when !state.HasShell => [Json(instruction.Node)],
        EntrypointInstruction { Command.IsShellForm: true } when !state.HasShell => [Json(instruction.Node)],
        CopyInstruction { From: null } copy => Ignored(copy.Node, "Copy", copy.Sources.Paths, ignore),
        AddInstruction add => Ignored(add.Node, "Add", add.Sources.Paths.Where(p => !IsRemote(p)), ignore),
        _ => [],
    };

    // EXPOSE asks for nothing: BuildKit does not look there.
    private static IEnumerable<LintFinding> UndefinedVariables(ExpandedInstruction expanded, StageState state)
    {
        if (!state.IsComplete || expanded.Instruction is ExposeInstruction)
        {
            return [];
        }

        return expanded.Unmatched
            .Where(name => PredefinedArguments.IsVariable(name) && !state.Scope.Arguments.Any(a => a.Name == name))
            .Order(StringComparer.Ordinal)
            .Select(name => LintFinding.At(
                expanded.Instruction.Node, LintRules.UndefinedVar,
                $"Usage of undefined variable '${name}'{(Suggestion.Nearest(name, state.Scope.Variables.Names) is string near ? $" (did you mean ${near}?)" : "")}"));
    }

    private static LintFinding Json(InstructionNode node) => LintFinding.At(
        node, LintRules.JSONArgsRecommended, $"JSON arguments recommended for {node.Keyword} to prevent unintended behavior related to OS signals");

    private static LintFinding Secret(InstructionNode node, string instruction, string name) => LintFinding.At(
        node, LintRules.SecretsUsedInArgOrEnv, $"Do not use ARG or ENV instructions for sensitive data ({instruction} {GoQuote.Quote(name)})");

    private static bool IsSecret(string name) => name.Split('_') is string[] words && words.Any(SecretWords.Contains) && !words.Any(OpenWords.Contains);

    // With "!" in the ignore file a folder may be ignored and still have files to copy.
    private static IEnumerable<LintFinding> Ignored(InstructionNode node, string verb, IEnumerable<string> sources, IgnoreMatcher? ignore)
    {
        if (ignore is null || ignore.HasExceptions)
        {
            yield break;
        }

        foreach (string source in sources.Select(CleanPath.Of))
        {
            bool isIgnored = source is "." or "/" ? ignore.IgnoresEverything : ignore.IsIgnored(source);
            if (isIgnored)
            {
                yield return LintFinding.At(
                    node, LintRules.CopyIgnoredFile, $"Attempting to {verb} file {GoQuote.Quote(source)} that is excluded by .dockerignore");
            }
        }
    }

    private static bool IsRemote(string source) =>
        source.Contains("://", StringComparison.Ordinal) || source.StartsWith("git@", StringComparison.Ordinal)
        || source.StartsWith("github.com/", StringComparison.Ordinal);
}
