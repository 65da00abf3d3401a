using System.Text;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>One line of comma-separated values (RFC 4180).</summary>
internal static class CsvFields
{
    /// <exception cref="DockerfileException">A quote stands where none may, or does not end.</exception>
    public static List<string> Split(string text)
    {
        var fields = new List<string>();
        for (int at = 0; at <= text.Length; at++)
        {
            bool isQuoted = at < text.Length && text[at] == '"';
            fields.Add(isQuoted ? Quoted(text, ref at) : Plain(text, ref at));
            if (at < text.Length && text[at] != ',')
            {
                throw DockerfileException.Syntax($"failed to parse csv mounts: extraneous or missing \" in quoted-field in {GoQuote.Quote(text)}");
            }
        }

        return fields;
    }

    private static string Plain(string text, ref int at)
    {
        int end = text.IndexOf(',', at);
        string field = end < 0 ? text[at..] : text[at..end];
        at += field.Length;
        return field.Contains('"', StringComparison.Ordinal)
            ? throw DockerfileException.Syntax($"failed to parse csv mounts: bare \" in non-quoted-field in {GoQuote.Quote(text)}")
            : field;
    }

    private static string Quoted(string text, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"' && (at + 1 == text.Length || text[at + 1] != '"'))
            {
                at++;
                return field.ToString();
            }

            if (text[at] == '"')
            {
                at++;
            }

            field.Append(text[at]);
        }

        throw DockerfileException.Syntax($"failed to parse csv mounts: extraneous or missing \" in quoted-field in {GoQuote.Quote(text)}");
    }
}
