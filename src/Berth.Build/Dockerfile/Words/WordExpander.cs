namespace Berth.Build.Dockerfile.Words;

/// <summary>
/// Resolves quotes, escapes and variables as BuildKit's frontend does: a shell's rules (POSIX.1-2017, XCU 2.2 and 2.6.2) without commands, arithmetic
/// and assignment. Knows $x, ${x} and the modifiers :- - :+ + :? ? # ## % %% / //. One serves
/// one file: what its patterns may cost has a limit together.
/// </summary>
public sealed class WordExpander(char escape, WordOptions options = WordOptions.None)
{
    private readonly PatternBudget _budget = new();

    /// <summary>The text as one word.</summary>
    /// <exception cref="DockerfileException">A quote or brace does not end, a modifier does not exist, or ${x:?} meets a variable without value.</exception>
    public Expansion Expand(string text, BuildVariables variables)
    {
        var scan = new WordScan(text, escape, options, variables, _budget);
        WordBuffer buffer = Run(scan, text);
        return new Expansion(buffer.Text, scan.Matched, scan.Unmatched);
    }

    /// <summary>The text as words: split at blanks that are not quoted, after expansion.</summary>
    /// <exception cref="DockerfileException">As <see cref="Expand"/>.</exception>
    public IReadOnlyList<string> Split(string text, BuildVariables variables) => Split(text, variables, out _);

    internal IReadOnlyList<string> Split(string text, BuildVariables variables, out IReadOnlySet<string> unmatched)
    {
        var scan = new WordScan(text, escape, options, variables, _budget);
        WordBuffer buffer = Run(scan, text);
        unmatched = scan.Unmatched;
        return buffer.TakeWords();
    }

    private static WordBuffer Run(WordScan scan, string text)
    {
        try
        {
            return scan.Run();
        }
        catch (DockerfileException e)
        {
            throw DockerfileException.Value($"failed to process {GoQuote.Quote(text)}: {e.Reason}");
        }
    }
}
