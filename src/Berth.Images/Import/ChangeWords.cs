using System.Text;

using Berth.Storage;

namespace Berth.Images.Import;

/// <summary>The words of an instruction: split at blanks, with quotes and backslashes as in a Dockerfile.</summary>
internal static class ChangeWords
{
    /// <summary>NAME=value pairs, or the old form "NAME the rest".</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string instruction, string arguments)
    {
        List<string> words = Split(arguments);
        if (words.Count == 0)
        {
            throw EngineException.Invalid($"{instruction} requires at least one argument");
        }

        if (!words[0].Contains('=', StringComparison.Ordinal))
        {
            int blank = arguments.AsSpan().IndexOfAny(' ', '\t');
            return blank < 0
                ? throw EngineException.Invalid($"{instruction} must have two arguments")
                : [new(Unquote(arguments[..blank]), Unquote(arguments[blank..].Trim()))];
        }

        return [.. words.Select(word => Pair(instruction, word))];
    }

    /// <summary>Words without their quotes.</summary>
    public static IReadOnlyList<string> Plain(string arguments) => [.. Split(arguments).Select(Unquote)];

    private static KeyValuePair<string, string> Pair(string instruction, string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(Unquote(word[..equals]), Unquote(word[(equals + 1)..]))
            : throw EngineException.Invalid($"syntax error in \"{instruction} {word}\": NAME=value is wanted");
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(c).Append(text[++i]);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Take(words, word);
            }
            else
            {
                quote = c == quote ? '\0' : quote == '\0' && c is ('"' or '\'') ? c : quote;
                word.Append(c);
            }
        }

        Take(words, word);
        return quote == '\0' ? words : throw EngineException.Invalid($"a quote is not closed in: {text}");
    }

    private static void Take(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static string Unquote(string word)
    {
        var plain = new StringBuilder();
        char quote = '\0';
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            if (c == '\\' && quote != '\'' && i + 1 < word.Length)
            {
                // Between double quotes a backslash escapes only what has a meaning there.
                char next = word[++i];
                _ = quote == '"' && next is not ('"' or '\\' or '$') ? plain.Append(c).Append(next) : plain.Append(next);
            }
            else if (c == quote || (quote == '\0' && c is ('"' or '\'')))
            {
                quote = c == quote ? '\0' : c;
            }
            else
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }
}
