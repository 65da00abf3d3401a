using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>Words at blanks outside of quotes. Quotes and escapes stay: they are resolved together with the variables.</summary>
internal static class QuotedWords
{
    public static List<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool hasQuotes = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == escape && quote != '\'')
            {
                // An escape that is the very last character is dropped.
                word.Append(i + 1 < text.Length ? text.AsSpan(i, 2) : []);
                i++;
                continue;
            }

            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Take(words, word, hasQuotes);
                hasQuotes = false;
                continue;
            }

            quote = Next(quote, c);
            hasQuotes |= quote != '\0';
            word.Append(c);
        }

        Take(words, word, hasQuotes);
        return words;
    }

    private static char Next(char quote, char c) => quote == '\0' && (c is '\'' or '"') ? c : c == quote ? '\0' : quote;

    // "" is a word, nothing is none.
    private static void Take(List<string> words, StringBuilder word, bool hasQuotes)
    {
        if (hasQuotes || word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
