namespace Berth.Build.Dockerfile.Instructions;

/// <summary>COPY and ADD.</summary>
internal static class FileInstructions
{
    public static CopyInstruction Copy(InstructionNode node)
    {
        SourceSet sources = Sources(node, "COPY");
        FlagSet flags = FlagSet.Parse(node, values: ["from", "chown", "chmod"], switches: ["link", "parents"], lists: ["exclude"]);
        return new CopyInstruction(
            node, sources, flags.Value("from"), flags.Value("chown"), flags.Value("chmod"), flags.Switch("link") == true, flags.Switch("parents") == true,
            flags.List("exclude"));
    }

    public static AddInstruction Add(InstructionNode node)
    {
        SourceSet sources = Sources(node, "ADD");
        FlagSet flags = FlagSet.Parse(node, values: ["chown", "chmod", "checksum"], switches: ["link", "keep-git-dir", "unpack"], lists: ["exclude"]);
        return new AddInstruction(
            node, sources, flags.Value("chown"), flags.Value("chmod"), flags.Switch("link") == true, flags.Switch("keep-git-dir"), flags.Value("checksum"),
            flags.Switch("unpack"), flags.List("exclude"));
    }

    private static SourceSet Sources(InstructionNode node, string keyword)
    {
        if (node.Arguments.Count < 2)
        {
            throw DockerfileException.Syntax(
                $"{keyword} requires at least two arguments, but only one was provided. Destination could not be determined");
        }

        var paths = new List<string>();
        var files = new List<InlineFile>();
        string destination = node.Arguments[^1];
        if (IsHeredoc(node, destination, out _))
        {
            throw DockerfileException.Syntax($"{keyword} cannot accept a heredoc as a destination");
        }

        foreach (string argument in node.Arguments.SkipLast(1))
        {
            if (IsHeredoc(node, argument, out Heredoc? heredoc))
            {
                files.Add(new InlineFile(heredoc!.Name, heredoc.Text, heredoc.Expand));
            }
            else
            {
                paths.Add(argument);
            }
        }

        return new SourceSet(paths, files, destination);
    }

    private static bool IsHeredoc(InstructionNode node, string word, out Heredoc? heredoc)
    {
        heredoc = null;
        if (node.Heredocs.Count > 0 && word.Contains("<<", StringComparison.Ordinal) && Announced(word) is string name)
        {
            // The last of one name: they are looked up by it.
            heredoc = node.Heredocs.LastOrDefault(h => h.Name == name);
        }

        return heredoc is not null;
    }

    // A word that only looks like one (half of a quoted name with a blank) is a path.
    private static string? Announced(string word)
    {
        try
        {
            return HeredocReader.Parse(word)?.Name;
        }
        catch (DockerfileException)
        {
            return null;
        }
    }
}
