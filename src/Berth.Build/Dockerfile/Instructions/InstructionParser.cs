namespace Berth.Build.Dockerfile.Instructions;

/// <summary>Gives instructions their meaning. Messages are BuildKit's, which people search for.</summary>
public static class InstructionParser
{
    /// <summary>The 18, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL",
        "USER", "VOLUME", "WORKDIR",
    ];

    /// <exception cref="DockerfileException">The instruction is unknown or wrong; without a place.</exception>
    public static Instruction Parse(InstructionNode node) => node.Keyword.ToUpperInvariant() switch
    {
        "ADD" => FileInstructions.Add(node),
        "ARG" => Arg(node),
        "CMD" => new CmdInstruction(WithoutFlags(node), Command(node)),
        "COPY" => FileInstructions.Copy(node),
        "ENTRYPOINT" => new EntrypointInstruction(WithoutFlags(node), Command(node)),
        "ENV" => new EnvInstruction(WithoutFlags(node), Pairs(node)),
        "EXPOSE" => new ExposeInstruction(WithoutFlags(AtLeastOne(node)), [.. node.Arguments.Order(StringComparer.Ordinal)]),
        "FROM" => From(node),
        "HEALTHCHECK" => HealthcheckParser.Parse(node),
        "LABEL" => new LabelInstruction(WithoutFlags(node), Pairs(node)),
        "MAINTAINER" => new MaintainerInstruction(WithoutFlags(node), ExactlyOne(node)),
        "ONBUILD" => Onbuild(node),
        "RUN" => RunParser.Parse(node),
        "SHELL" => Shell(node),
        "STOPSIGNAL" => new StopSignalInstruction(WithoutFlags(node), ExactlyOne(node)),
        "USER" => new UserInstruction(WithoutFlags(node), ExactlyOne(node)),
        "VOLUME" => Volume(node),
        "WORKDIR" => new WorkdirInstruction(WithoutFlags(node), ExactlyOne(node)),
        _ => throw DockerfileException.Syntax($"unknown instruction: {node.Keyword}{Suggestion.Hint(node.Keyword, Keywords, ignoreCase: true)}"),
    };

    internal static CommandLine Command(InstructionNode node) => new(node.Arguments, !node.IsJson, node.Heredocs);

    internal static InstructionNode AtLeastOne(InstructionNode node) =>
        node.Arguments.Count > 0 ? node : throw DockerfileException.Syntax($"{node.Keyword.ToUpperInvariant()} requires at least one argument");

    internal static InstructionNode WithoutFlags(InstructionNode node)
    {
        FlagSet.Parse(node);
        return node;
    }

    /// <summary>The text of a comment "# NAME text" directly above.</summary>
    internal static string? Description(InstructionNode node, string name) =>
        node.Comments.FirstOrDefault(c => c.StartsWith(name + " ", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string ExactlyOne(InstructionNode node) =>
        node.Arguments.Count == 1 ? node.Arguments[0] : throw DockerfileException.Syntax($"{node.Keyword.ToUpperInvariant()} requires exactly one argument");

    private static IReadOnlyList<KeyValue> Pairs(InstructionNode node)
    {
        string keyword = node.Keyword.ToUpperInvariant();
        if (node.Pairs.Count == 0)
        {
            throw DockerfileException.Syntax($"{keyword} requires at least one argument");
        }

        return node.Pairs.All(p => p.Key.Length > 0) ? node.Pairs : throw DockerfileException.Syntax($"{keyword} names can not be blank");
    }

    private static ArgInstruction Arg(InstructionNode node)
    {
        var definitions = new List<ArgDefinition>();
        foreach (string word in WithoutFlags(AtLeastOne(node)).Arguments)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? word : word[..equals];
            if (name.Length == 0)
            {
                throw DockerfileException.Syntax("ARG names can not be blank");
            }

            definitions.Add(new ArgDefinition(name, equals < 0 ? null : word[(equals + 1)..], Description(node, name)));
        }

        return new ArgInstruction(node, definitions);
    }

    private static FromInstruction From(InstructionNode node)
    {
        string? name = null;
        if (node.Arguments.Count == 3 && node.Arguments[1].Equals("as", StringComparison.OrdinalIgnoreCase))
        {
            name = node.Arguments[2].ToLowerInvariant();
            if (!IsStageName(name))
            {
                throw DockerfileException.Syntax(
                    $"invalid name for build stage: {GoQuote.Quote(node.Arguments[2])}, name can't start with a number or contain symbols");
            }
        }
        else if (node.Arguments.Count != 1)
        {
            throw DockerfileException.Syntax("FROM requires either one or three arguments");
        }

        FlagSet flags = FlagSet.Parse(node, values: ["platform"]);
        return new FromInstruction(node, node.Arguments[0], name, flags.Value("platform"), name is null ? null : Description(node, name));
    }

    private static bool IsStageName(string name) =>
        char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.');

    private static ShellInstruction Shell(InstructionNode node)
    {
        WithoutFlags(AtLeastOne(node));
        return node.IsJson
            ? new ShellInstruction(node, node.Arguments)
            : throw DockerfileException.Syntax("SHELL requires the arguments to be in JSON form");
    }

    private static VolumeInstruction Volume(InstructionNode node)
    {
        string[] paths = [.. WithoutFlags(AtLeastOne(node)).Arguments.Select(path => path.Trim())];
        return paths.All(path => path.Length > 0)
            ? new VolumeInstruction(node, paths)
            : throw DockerfileException.Syntax("VOLUME specified can not be an empty string");
    }

    private static OnbuildInstruction Onbuild(InstructionNode node)
    {
        if (node.Trigger is not InstructionNode trigger)
        {
            throw DockerfileException.Syntax("ONBUILD requires at least one argument");
        }

        WithoutFlags(node);
        string keyword = trigger.Keyword.ToUpperInvariant();
        switch (keyword)
        {
            case "ONBUILD":
                throw DockerfileException.Syntax("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
            case "MAINTAINER" or "FROM":
                throw DockerfileException.Syntax($"{keyword} isn't allowed as an ONBUILD trigger");
            default:
                string text = trigger.Original.Trim();
                return new OnbuildInstruction(node, string.Concat([text, .. node.Heredocs.Select(h => $"\n{h.Content}{h.Name}")]));
        }
    }
}
