namespace Berth.Images.Registries.Http;

/// <summary>The header Link, of which registries use rel="next" (RFC 8288, 3).</summary>
internal static class LinkHeader
{
    /// <summary>The target of rel=next, as it stands; null: there is none.</summary>
    public static string? Next(IEnumerable<string> values) => values.Select(Next).FirstOrDefault(static target => target is not null);

    private static string? Next(string value)
    {
        ReadOnlySpan<char> rest = value;
        while (true)
        {
            int open = rest.IndexOf('<');
            if (open < 0)
            {
                return null;
            }

            rest = rest[(open + 1)..];
            int close = rest.IndexOf('>');
            if (close < 0)
            {
                return null;
            }

            string target = rest[..close].Trim().ToString();
            rest = rest[(close + 1)..];
            if (ReadRelations(ref rest))
            {
                return target;
            }
        }
    }

    // Reads the parameters up to the next comma outside of quotes; true: one of them says that it is the next page.
    private static bool ReadRelations(ref ReadOnlySpan<char> rest)
    {
        bool isNext = false;
        while (true)
        {
            rest = rest.TrimStart(" \t;");
            int end = rest.IndexOfAny("=,;");
            if (end < 0 || rest[end] == ',')
            {
                rest = end < 0 ? default : rest[(end + 1)..];
                return isNext;
            }

            ReadOnlySpan<char> name = rest[..end].Trim();
            if (rest[end] == ';')
            {
                rest = rest[end..];
                continue;
            }

            rest = rest[(end + 1)..].TrimStart();
            string text = ReadValue(ref rest);
            isNext |= name.Equals("rel", StringComparison.OrdinalIgnoreCase) && text.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase);
        }
    }

    private static string ReadValue(ref ReadOnlySpan<char> rest)
    {
        int end;
        string text;
        if (rest.StartsWith("\""))
        {
            end = rest[1..].IndexOf('"');
            text = (end < 0 ? rest[1..] : rest.Slice(1, end)).ToString();
            rest = end < 0 ? default : rest[(end + 2)..];
            return text;
        }

        end = rest.IndexOfAny(";,");
        text = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? default : rest[end..];
        return text;
    }
}
