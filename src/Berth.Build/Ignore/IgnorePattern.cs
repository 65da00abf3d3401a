using System.Text;

namespace Berth.Build.Ignore;

/// <summary>
/// One pattern, matched against a whole path. * and ? stay within a name, ** goes over any number of folders, [a-z] and [^a-z] are classes, \ escapes.
/// Where moby builds a regular expression this steps through all states at once: no pattern takes more than path × pattern.
/// </summary>
internal sealed class IgnorePattern
{
    /// <summary>Characters of a pattern.</summary>
    public const int Longest = 4096;

    private readonly List<IgnoreToken> _tokens;

    // The whole path, where nothing in the pattern is special: most patterns, compared at once.
    private readonly string? _literal;

    private IgnorePattern(string text, bool isException, List<IgnoreToken> tokens)
    {
        (Text, IsException, _tokens) = (text, isException, tokens);
        bool isLiteral = tokens.All(t => t.Kind == IgnoreTokenKind.Literal);
        _literal = isLiteral ? string.Concat(tokens.Select(t => new Rune(t.Ranges[0].First).ToString())) : null;
    }

    /// <summary>Without "!".</summary>
    public string Text { get; }

    /// <summary>Begins with "!".</summary>
    public bool IsException { get; }

    /// <exception cref="IgnoreException">It is no pattern.</exception>
    public static IgnorePattern Parse(string pattern)
    {
        if (pattern.Length > Longest)
        {
            throw new IgnoreException($"an ignore pattern is longer than {Longest} characters: {pattern[..60]}...");
        }

        bool isException = pattern.StartsWith('!');
        string text = isException ? pattern[1..] : pattern;
        return text.Length > 0
            ? new IgnorePattern(text, isException, IgnoreTokenizer.Read(text))
            : throw new IgnoreException("illegal exclusion pattern: \"!\"");
    }

    /// <summary>Whether it matches a path, without looking at the folders above.</summary>
    public bool Matches(string path) => _literal is not null ? path == _literal : Run(path) is bool[] states && states[^1];

    /// <summary>Whether it could match something below a folder.</summary>
    public bool MayMatchBelow(string folder) =>
        _literal is not null ? _literal.StartsWith(folder + "/", StringComparison.Ordinal) : Run(folder + "/") is not null;

    // The states after the whole text; null: none is left.
    private bool[]? Run(string text)
    {
        // Two for each token: before it, and within what it repeats.
        bool[] states = new bool[(_tokens.Count * 2) + 1];
        bool[] next = new bool[states.Length];
        Enter(states, 0);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Array.Clear(next);
            bool isAlive = false;
            for (int i = 0; i < _tokens.Count; i++)
            {
                isAlive |= (states[i * 2] || states[(i * 2) + 1]) && Step(next, i, rune);
            }

            if (!isAlive)
            {
                return null;
            }

            (states, next) = (next, states);
        }

        return states;
    }

    private bool Step(bool[] next, int index, Rune rune)
    {
        IgnoreToken token = _tokens[index];
        if (!token.Takes(rune))
        {
            return false;
        }

        switch (token.Kind)
        {
            case IgnoreTokenKind.Name or IgnoreTokenKind.Rest:
                Enter(next, index);
                break;
            case IgnoreTokenKind.Folders:
                next[(index * 2) + 1] = true;
                if (rune.Value == '/')
                {
                    Enter(next, index + 1);
                }

                break;
            default:
                Enter(next, index + 1);
                break;
        }

        return true;
    }

    // What may match nothing is passed over at once; within ** only a slash leads on.
    private void Enter(bool[] states, int index)
    {
        states[index * 2] = true;
        while (index < _tokens.Count && _tokens[index].Kind is IgnoreTokenKind.Name or IgnoreTokenKind.Rest or IgnoreTokenKind.Folders)
        {
            states[++index * 2] = true;
        }
    }
}
