using System.Text;

namespace Berth.Cli.Specs;

/// <summary>One line of comma-separated fields, where a field in double quotes may hold commas. RFC 4180.</summary>
internal static class CsvFields
{
    /// <exception cref="SpecException">A quote stands where none may, or is not closed.</exception>
    public static List<string> Parse(string line)
    {
        var fields = new List<string>();
        int at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                fields.Add(Quoted(line, ref at));
            }
            else
            {
                int comma = line.IndexOf(',', at);
                string field = comma < 0 ? line[at..] : line[at..comma];
                int quote = field.IndexOf('"', StringComparison.Ordinal);
                if (quote >= 0)
                {
                    throw new SpecException($"parse error on line 1, column {at + quote + 1}: bare \" in non-quoted-field");
                }

                fields.Add(field);
                at += field.Length;
            }

            if (at >= line.Length)
            {
                return fields;
            }

            at++; // the comma
        }
    }

    private static string Quoted(string line, ref int at)
    {
        var field = new StringBuilder();
        for (int i = at + 1; i < line.Length; i++)
        {
            if (line[i] != '"')
            {
                field.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (i + 1 == line.Length || line[i + 1] == ',')
            {
                at = i + 1;
                return field.ToString();
            }
            else
            {
                throw new SpecException($"parse error on line 1, column {i + 2}: extraneous or missing \" in quoted-field");
            }
        }

        throw new SpecException($"parse error on line 1, column {line.Length + 1}: extraneous or missing \" in quoted-field");
    }
}
