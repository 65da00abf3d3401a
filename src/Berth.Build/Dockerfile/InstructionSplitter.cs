namespace Berth.Build.Dockerfile;

/// <summary>Cuts an instruction's text into keyword, flags and arguments; how arguments are cut depends on the keyword.</summary>
internal static class InstructionSplitter
{
    private static readonly char[] Blanks = ['\t', '\v', '\f', '\r', ' '];

    public static InstructionNode Split(string text, char escape, bool isTrigger = false)
    {
        string trimmed = text.Trim();
        int blank = trimmed.IndexOfAny(Blanks);
        string keyword = blank < 0 ? trimmed : trimmed[..blank];
        string rest = blank < 0 ? "" : trimmed[blank..].TrimStart(Blanks);
        (List<string> flags, string arguments) = FlagSplitter.Split(rest, escape);
        var node = new InstructionNode { Keyword = keyword, Original = text, Flags = flags };
        return WithArguments(node, arguments.Trim(), escape, isTrigger);
    }

    private static InstructionNode WithArguments(InstructionNode node, string rest, char escape, bool isTrigger)
    {
        switch (node.Keyword.ToUpperInvariant())
        {
            case "RUN" or "CMD" or "ENTRYPOINT" or "SHELL":
                return JsonOrText(node, rest);
            case "ADD" or "COPY" or "VOLUME":
                return JsonArray(node, rest) ?? node with { Arguments = AtBlanks(rest) };
            case "EXPOSE" or "FROM":
                return node with { Arguments = AtBlanks(rest) };
            case "MAINTAINER" or "STOPSIGNAL" or "USER" or "WORKDIR":
                return node with { Arguments = rest.Length == 0 ? [] : [rest] };
            case "ARG":
                return node with { Arguments = QuotedWords.Split(rest, escape) };
            case "ENV" or "LABEL":
                return node with { Pairs = Pairs(node.Keyword.ToUpperInvariant(), rest, escape) };
            case "HEALTHCHECK":
                return Healthcheck(node, rest);
            case "ONBUILD":
                // Only one deep: a chain is refused where the instruction's meaning is checked, and must not cost a stack before.
                return rest.Length == 0 || isTrigger ? node : node with { Trigger = Split(rest, escape, isTrigger: true) };
            default:
                return node;
        }
    }

    private static InstructionNode JsonOrText(InstructionNode node, string rest) =>
        rest.Length == 0 ? node : JsonArray(node, rest) ?? node with { Arguments = [rest] };

    private static InstructionNode? JsonArray(InstructionNode node, string rest) =>
        JsonStrings.TryParse(rest, out List<string> strings) ? node with { Arguments = strings, IsJson = true } : null;

    private static InstructionNode Healthcheck(InstructionNode node, string rest)
    {
        int end = 0;
        while (end < rest.Length && !char.IsWhiteSpace(rest[end]))
        {
            end++;
        }

        if (end == 0)
        {
            return node;
        }

        InstructionNode command = JsonOrText(node, rest[end..].TrimStart());
        return command with { Arguments = [rest[..end], .. command.Arguments] };
    }

    private static string[] AtBlanks(string rest) => rest.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    // "name value" or "name=value ...": which one, the first word tells.
    private static List<KeyValue> Pairs(string keyword, string rest, char escape)
    {
        List<string> words = QuotedWords.Split(rest, escape);
        if (words.Count == 0)
        {
            return [];
        }

        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            int blank = rest.IndexOfAny(Blanks);
            return blank < 0
                ? throw DockerfileException.Syntax($"{keyword} must have two arguments")
                : [new KeyValue(rest[..blank], rest[blank..].TrimStart(Blanks), IsLegacy: true)];
        }

        var pairs = new List<KeyValue>(words.Count);
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw DockerfileException.Syntax($"Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
            }

            pairs.Add(new KeyValue(word[..equals], word[(equals + 1)..]));
        }

        return pairs;
    }
}
