using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>Words at blanks outside of quotes. Quotes and escapes stay: they are resolved together with the variables.</summary>
internal static class QuotedWords
{
    public static List<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isWord = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Take(words, word, isWord);
                isWord = false;
                continue;
            }

            if (c == escape && quote != '\'')
            {
                // An escape that is the very last character is dropped.
                if (i + 1 < text.Length)
                {
                    word.Append(c).Append(text[++i]);
                }

                continue;
            }

            if (quote == '\0' && (c is '\'' or '"'))
            {
                (quote, isWord) = (c, true);
            }
            else if (c == quote)
            {
                quote = '\0';
            }

            word.Append(c);
        }

        Take(words, word, isWord);
        return words;
    }

    private static void Take(List<string> words, StringBuilder word, bool isWord)
    {
        if (isWord || word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
