namespace Berth.Engine.Images;

/// <summary>Shell patterns over names, as Go's path.Match: * and ? stop at a slash, [a-z] and [^a-z] are sets, \ takes the next as it is.</summary>
internal static class PathPattern
{
    /// <summary>Whether the whole name fits.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // Where to go on when what follows the last star does not fit: the star takes one character more.
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length || p < pattern.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
                continue;
            }

            if (n < name.Length && p < pattern.Length && One(pattern[p..], name[n], out int length))
            {
                p += length;
                n++;
                continue;
            }

            if (star < 0 || mark >= name.Length || name[mark] == '/')
            {
                return false;
            }

            p = star + 1;
            n = ++mark;
        }

        return true;
    }

    private static bool One(ReadOnlySpan<char> pattern, char c, out int length)
    {
        length = 1;
        switch (pattern[0])
        {
            case '?':
                return c != '/';
            case '[':
                return Set(pattern, c, out length);
            case '\\' when pattern.Length > 1:
                length = 2;
                return pattern[1] == c;
            default:
                return pattern[0] == c;
        }
    }

    private static bool Set(ReadOnlySpan<char> pattern, char c, out int length)
    {
        int end = pattern[2..].IndexOf(']') + 2;
        if (end < 2)
        {
            length = 1;
            return false;
        }

        length = end + 1;
        ReadOnlySpan<char> set = pattern[1..end];
        bool negated = set[0] == '^';
        set = negated ? set[1..] : set;
        bool found = false;
        for (int i = 0; i < set.Length; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            found |= range ? c >= set[i] && c <= set[i + 2] : c == set[i];
            i += range ? 2 : 0;
        }

        return found != negated && c != '/';
    }
}
