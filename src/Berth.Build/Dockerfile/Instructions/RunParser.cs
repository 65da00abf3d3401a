namespace Berth.Build.Dockerfile.Instructions;

/// <summary>RUN.</summary>
internal static class RunParser
{
    private static readonly string[] Values = ["network", "security"];
    private static readonly string[] Lists = ["mount", "device"];

    public static RunInstruction Parse(InstructionNode node)
    {
        FlagSet flags = FlagSet.Parse(node, values: Values, lists: Lists);
        if (flags.List("device").Count > 0)
        {
            throw DockerfileException.Syntax("RUN --device is not supported: Berth gives build steps no devices (CDI)");
        }

        RunNetwork network = flags.Value("network") switch
        {
            null or "default" => RunNetwork.Default,
            "none" => RunNetwork.None,
            "host" => RunNetwork.Host,
            string other => throw DockerfileException.Syntax($"invalid network mode {GoQuote.Quote(other)}"),
        };
        bool isInsecure = flags.Value("security") switch
        {
            null or "sandbox" => false,
            "insecure" => true,
            string other => throw DockerfileException.Syntax($"security {GoQuote.Quote(other)} is not valid"),
        };
        IReadOnlyList<string> mounts = flags.List("mount");
        return new RunInstruction(node, InstructionParser.Command(node), mounts, network, isInsecure, [.. mounts.Where(CheckEarly).Select(Mount)]);
    }

    /// <summary>Mounts whose text is the same before and after expansion are complete; with any that is not, all wait.</summary>
    internal static bool NeedsExpansion(string mount) => mount.AsSpan().ContainsAny("$'\"\\`<");

    // One with variables can be checked for its "from" alone, which may have none: stages must be known before anything runs.
    private static bool CheckEarly(string mount)
    {
        if (!NeedsExpansion(mount))
        {
            return true;
        }

        foreach (string field in CsvFields.Split(mount))
        {
            int dollar = field.IndexOf('$', StringComparison.Ordinal);
            if (field.StartsWith("from=", StringComparison.OrdinalIgnoreCase) && dollar >= 0 && dollar < field.Length - 1)
            {
                throw DockerfileException.Syntax("'from' doesn't support variable expansion, define alias stage instead");
            }
        }

        return false;
    }

    private static RunMount Mount(string text)
    {
        try
        {
            return RunMountParser.Parse(text, value => value);
        }
        catch (DockerfileException e)
        {
            throw DockerfileException.Syntax(e.Reason);
        }
    }
}
