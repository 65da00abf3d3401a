using System.Globalization;

using Berth.Build.Dockerfile.Words;

namespace Berth.Build.Dockerfile;

/// <summary>Finds the here-documents that an instruction's line announces.</summary>
internal static class HeredocReader
{
    /// <summary>In the order in which their contents follow; none where a quote of the line never ends: a shell may know what it means.</summary>
    public static List<Heredoc> Find(string line)
    {
        var found = new List<Heredoc>();
        if (!line.Contains("<<", StringComparison.Ordinal))
        {
            return found;
        }

        IReadOnlyList<string> words;
        try
        {
            // Always with a backslash: the word is a shell's, not the Dockerfile's (BuildKit's heredocsFromLine).
            words = new WordExpander('\\', WordOptions.KeepQuotes | WordOptions.KeepEscapes | WordOptions.KeepUnset).Split(line, BuildVariables.Empty);
        }
        catch (DockerfileException)
        {
            return found;
        }

        foreach (string word in words)
        {
            if (Parse(word) is Heredoc heredoc)
            {
                found.Add(heredoc);
            }
        }

        return found.Count <= ParseLimits.HeredocsOfInstruction
            ? found
            : throw DockerfileException.Syntax($"more than {ParseLimits.HeredocsOfInstruction} here-documents in one instruction");
    }

    /// <summary>A word that is a here-document's announcement; its content is empty still. null: it is none.</summary>
    /// <exception cref="DockerfileException">The quotes of the name do not end.</exception>
    public static Heredoc? Parse(string word)
    {
        int digits = word.TakeWhile(char.IsAsciiDigit).Count();
        string rest = word[digits..];
        if (!rest.StartsWith("<<", StringComparison.Ordinal))
        {
            return null;
        }

        bool strip = rest.Length > 2 && rest[2] == '-';
        string name = rest[(strip ? 3 : 2)..].TrimStart();
        if (name.Length == 0 || name.Contains('<', StringComparison.Ordinal))
        {
            return null;
        }

        // What quotes change shows whether any part is quoted.
        IReadOnlyList<string> plain = new WordExpander('\\', WordOptions.KeepUnset).Split(name, BuildVariables.Empty);
        IReadOnlyList<string> raw = new WordExpander('\\', WordOptions.KeepUnset | WordOptions.KeepQuotes).Split(name, BuildVariables.Empty);
        if (plain.Count != 1 || raw.Count != 1)
        {
            return null;
        }

        uint.TryParse(word.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out uint descriptor);
        return new Heredoc(plain[0], descriptor, CountQuotes(plain[0]) == CountQuotes(raw[0]), strip, "");
    }

    private static int CountQuotes(string word) => word.Count(c => c is '\'' or '"');
}
