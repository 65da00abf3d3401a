namespace Berth.Build.Ignore;

/// <summary>Reads a pattern as Go's filepath.Match does (which decides what is well-formed), and ** as moby/patternmatcher.</summary>
internal static class IgnoreTokenizer
{
    /// <exception cref="IgnoreException">A class or an escape does not end.</exception>
    public static List<IgnoreToken> Read(string pattern)
    {
        int[] runes = [.. pattern.EnumerateRunes().Select(r => r.Value)];
        var tokens = new List<IgnoreToken>();
        for (int at = 0; at < runes.Length;)
        {
            switch (runes[at])
            {
                case '*' when at + 1 < runes.Length && runes[at + 1] == '*':
                    tokens.Add(IgnoreToken.Of(Stars(runes, ref at)));
                    break;
                case '*':
                    tokens.Add(IgnoreToken.Of(IgnoreTokenKind.Name));
                    at++;
                    break;
                case '?':
                    tokens.Add(IgnoreToken.Of(IgnoreTokenKind.One));
                    at++;
                    break;
                case '[':
                    tokens.Add(Class(pattern, runes, ref at));
                    break;
                default:
                    tokens.Add(IgnoreToken.Literal(Character(pattern, runes, ref at)));
                    break;
            }
        }

        return tokens;
    }

    private static IgnoreTokenKind Stars(int[] runes, ref int at)
    {
        bool isFirst = at == 0;
        at += 2;
        bool hasSlash = at < runes.Length && runes[at] == '/';
        if (hasSlash)
        {
            at++;
        }

        // "**name" with nothing special in the name is moby's suffix match: the end of a name will do.
        bool isSuffix = isFirst && !hasSlash && !runes.AsSpan(at).ContainsAny('*', '?', '[') && !runes.AsSpan(at).ContainsAny(']', '\\');
        return at == runes.Length || isSuffix ? IgnoreTokenKind.Rest : IgnoreTokenKind.Folders;
    }

    private static IgnoreToken Class(string pattern, int[] runes, ref int at)
    {
        at++;
        bool isNegated = at < runes.Length && runes[at] == '^';
        if (isNegated)
        {
            at++;
        }

        var ranges = new List<(int, int)>();
        while (at >= runes.Length || runes[at] != ']' || ranges.Count == 0)
        {
            int first = ClassCharacter(pattern, runes, ref at);
            int last = first;
            if (at < runes.Length && runes[at] == '-')
            {
                at++;
                last = ClassCharacter(pattern, runes, ref at);
            }

            if (last < first)
            {
                throw Bad(pattern);
            }

            ranges.Add((first, last));
        }

        at++;
        return new IgnoreToken(IgnoreTokenKind.Class, ranges, isNegated);
    }

    private static int ClassCharacter(string pattern, int[] runes, ref int at) =>
        at >= runes.Length || runes[at] is '-' or ']' ? throw Bad(pattern) : Character(pattern, runes, ref at);

    private static int Character(string pattern, int[] runes, ref int at)
    {
        if (runes[at] == '\\' && ++at >= runes.Length)
        {
            throw Bad(pattern);
        }

        return runes[at++];
    }

    private static IgnoreException Bad(string pattern) => new($"syntax error in ignore pattern \"{pattern}\": a class [...] or an escape \\ is not complete");
}
