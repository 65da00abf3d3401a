using System.Text;

namespace Berth.Build.Dockerfile;

/// <summary>Takes the flags off an instruction's arguments: words that begin with "--", up to the first that does not or to "--" itself.</summary>
internal static class FlagSplitter
{
    public static (List<string> Flags, string Arguments) Split(string text, char escape)
    {
        var flags = new List<string>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (!text.AsSpan(at).StartsWith("--"))
            {
                return (flags, text[at..]);
            }

            string flag = ReadWord(text, escape, ref at);
            if (flag == "--")
            {
                return (flags, text[at..]);
            }

            flags.Add(flag);
        }
    }

    // Unlike in arguments, quotes and escapes are resolved here; an escape counts within single quotes too.
    private static string ReadWord(string text, char escape, ref int at)
    {
        var word = new StringBuilder();
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                break;
            }

            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && (c is '\'' or '"'))
            {
                quote = c;
            }
            else if (c != escape)
            {
                word.Append(c);
            }
            else if (at + 1 < text.Length)
            {
                word.Append(text[++at]);
            }
        }

        return word.ToString();
    }
}
