namespace Berth.Conformance.Tests.Docs;

/// <summary>A command that a page shows, with what it shows below it.</summary>
/// <param name="Command">Behind the "$ ".</param>
/// <param name="Typed">What is typed at the container's own prompt, "/ # ".</param>
/// <param name="Shown">The output; none: the page leaves it out.</param>
internal sealed record Example(string Command, IReadOnlyList<string> Typed, IReadOnlyList<string> Shown)
{
    private const string Prompt = "$ ", Inner = "/ # ";

    public bool IsInteractive => Command.Contains(" -it ", StringComparison.Ordinal);

    /// <summary>What "export NAME=VALUE" sets for the commands after it; null for any other command.</summary>
    public (string Name, string Value)? Variable =>
        Command.StartsWith("export ", StringComparison.Ordinal) && Command[7..].Split('=', 2) is [var name, var value] ? (name, value) : null;

    /// <summary>The commands of a page's console blocks, in their order.</summary>
    public static IReadOnlyList<Example> AllOf(string page)
    {
        var examples = new List<Example>();
        foreach (string block in page.Split("```console\n").Skip(1).Select(static b => b.Split("\n```")[0]))
        {
            foreach (string line in block.Split('\n'))
            {
                if (line.StartsWith(Prompt, StringComparison.Ordinal))
                {
                    examples.Add(new Example(line[Prompt.Length..], [], []));
                }
                else if (examples[^1] is var last && line.StartsWith(Inner, StringComparison.Ordinal))
                {
                    examples[^1] = last with { Typed = [.. last.Typed, line[Inner.Length..]] };
                }
                else
                {
                    examples[^1] = last with { Shown = [.. last.Shown, line] };
                }
            }
        }

        return examples;
    }
}
