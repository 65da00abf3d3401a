using System.Text;

namespace Berth.Build.Dockerfile.Words;

/// <summary>
/// A pattern of # % and /: * is any text, ? any character, both within a line; there are no brackets (BuildKit's subset of POSIX.1-2017, XCU 2.13).
/// Matched by stepping through all states at once, so no pattern takes more than text × pattern.
/// </summary>
internal sealed class ShellPattern
{
    private const int Many = -1;
    private const int One = -2;

    // Code points, or Many, or One.
    private readonly int[] _tokens;

    private ShellPattern(int[] tokens) => _tokens = tokens;

    /// <exception cref="DockerfileException">A backslash stands before a character that has no second meaning.</exception>
    public static ShellPattern Parse(string pattern)
    {
        var tokens = new List<int>(pattern.Length);
        int[] runes = Runes(pattern);
        for (int i = 0; i < runes.Length; i++)
        {
            int token = runes[i] switch { '*' => Many, '?' => One, int other => other };
            if (token == '\\')
            {
                // } and / are escaped because of the ${...} around; \* \? \\ are those characters.
                i++;
                token = i < runes.Length && runes[i] is '}' or '/' or '*' or '?' or '\\' ? runes[i] : throw Invalid(pattern, i < runes.Length ? runes[i] : null);
            }

            tokens.Add(token);
        }

        return new ShellPattern([.. tokens]);
    }

    public string TrimStart(string value, bool longest, PatternBudget budget)
    {
        int[] runes = Runes(value);
        int? end = Match(runes, 0, longest, budget);
        return end is null ? value : Text(runes.AsSpan(end.Value));
    }

    public string TrimEnd(string value, bool longest, PatternBudget budget)
    {
        int[] backwards = Runes(value);
        Array.Reverse(backwards);
        int? end = new ShellPattern([.. Enumerable.Reverse(_tokens)]).Match(backwards, 0, longest, budget);
        if (end is null)
        {
            return value;
        }

        Span<int> rest = backwards.AsSpan(end.Value);
        rest.Reverse();
        return Text(rest);
    }

    /// <summary>The first match, or all that do not overlap; the longest at each place.</summary>
    public string Replace(string value, string replacement, bool all, PatternBudget budget)
    {
        int[] runes = Runes(value);
        var result = new StringBuilder();
        int copied = 0;
        int lastEnd = -1;
        for (int start = 0; start <= runes.Length;)
        {
            int? end = Match(runes, start, longest: true, budget);

            // An empty match right behind the one before is none (as in Go's regexp).
            if (end is null || (end == start && start == lastEnd))
            {
                start++;
                continue;
            }

            result.Append(Text(runes.AsSpan(copied, start - copied))).Append(replacement);
            if (result.Length > ParseLimits.ExpansionLength)
            {
                throw DockerfileException.Value($"variables expand to more than {ParseLimits.ExpansionLength} characters");
            }

            copied = lastEnd = end.Value;
            start = end == start ? start + 1 : end.Value;
            if (!all)
            {
                break;
            }
        }

        return result.Append(Text(runes.AsSpan(copied))).ToString();
    }

    // The end of a match that begins at a place; null without one.
    private int? Match(int[] runes, int start, bool longest, PatternBudget budget)
    {
        budget.Pay(_tokens.Length + 1);
        bool[] states = new bool[_tokens.Length + 1];
        bool[] next = new bool[_tokens.Length + 1];
        Enter(states, 0);
        int? found = null;
        for (int at = start; ; at++)
        {
            if (states[^1])
            {
                found = at;
            }

            if ((found is not null && !longest) || at == runes.Length || !Step(states, next, runes[at], budget))
            {
                return found;
            }

            (states, next) = (next, states);
        }
    }

    // False: no state is left.
    private bool Step(bool[] states, bool[] next, int rune, PatternBudget budget)
    {
        budget.Pay(_tokens.Length + 1);
        Array.Clear(next);
        bool isAlive = false;
        for (int i = 0; i < _tokens.Length; i++)
        {
            int token = _tokens[i];
            bool matches = states[i] && (token == rune || (token is Many or One && rune != '\n'));
            if (matches)
            {
                Enter(next, token == Many ? i : i + 1);
                isAlive = true;
            }
        }

        return isAlive;
    }

    private void Enter(bool[] states, int state)
    {
        states[state] = true;
        while (state < _tokens.Length && _tokens[state] == Many)
        {
            states[++state] = true;
        }
    }

    private static DockerfileException Invalid(string pattern, int? escaped)
    {
        string what = escaped is int rune ? new Rune(rune).ToString() : "";
        return DockerfileException.Value($"invalid pattern ({pattern}) in substitution: invalid escape '\\{what}'");
    }

    private static int[] Runes(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];

    private static string Text(ReadOnlySpan<int> runes)
    {
        var text = new StringBuilder(runes.Length);
        foreach (int rune in runes)
        {
            text.Append(new Rune(rune));
        }

        return text.ToString();
    }
}
