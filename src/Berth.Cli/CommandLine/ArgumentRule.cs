namespace Berth.Cli.CommandLine;

/// <summary>How many words a command takes after its flags; a Most of -1 has no end.</summary>
internal readonly record struct ArgumentRule(int Least, int Most)
{
    public static ArgumentRule None => new(0, 0);

    public static ArgumentRule Any => new(0, -1);

    public static ArgumentRule Exactly(int count) => new(count, count);

    public static ArgumentRule AtLeast(int count) => new(count, -1);

    public static ArgumentRule AtMost(int count) => new(0, count);

    public static ArgumentRule Between(int least, int most) => new(least, most);

    /// <summary>What is wrong with this many words, or null.</summary>
    public string? Complain(int count)
    {
        if (count >= Least && (Most < 0 || count <= Most))
        {
            return null;
        }

        return (Least, Most) switch
        {
            (0, 0) => "accepts no arguments",
            (_, -1) => $"requires at least {Words(Least)}",
            (0, _) => $"requires at most {Words(Most)}",
            _ when Least == Most => $"requires exactly {Words(Least)}",
            _ => $"requires at least {Least} and at most {Words(Most)}",
        };
    }

    private static string Words(int count) => count == 1 ? "1 argument" : $"{count} arguments";
}
