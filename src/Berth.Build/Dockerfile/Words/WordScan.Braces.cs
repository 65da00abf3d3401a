namespace Berth.Build.Dockerfile.Words;

/// <summary>What stands in ${...}.</summary>
internal sealed partial class WordScan
{
    private const string NoBrace = "syntax error: missing '}'";

    private string Braced()
    {
        if (IsEnd)
        {
            throw DockerfileException.Value(NoBrace);
        }

        if (text[_at] is '{' or '}' or ':')
        {
            throw DockerfileException.Value("syntax error: bad substitution");
        }

        string name = Name();
        if (IsEnd)
        {
            throw DockerfileException.Value(NoBrace);
        }

        char modifier = text[_at++];
        switch (modifier)
        {
            case '}':
                return Value(name) ?? (KeepUnset ? $"${{{name}}}" : "");
            case ':':
                return !IsEnd && text[_at] is '-' or '+' or '?' ? Conditional(name, text[_at++], emptyIsUnset: true) : throw Unsupported(IsEnd ? ":" : $":{text[_at]}");
            case '-' or '+' or '?':
                return Conditional(name, modifier, emptyIsUnset: false);
            case '#' or '%':
                return Trim(name, modifier);
            case '/':
                return Replace(name);
            default:
                throw Unsupported(modifier.ToString());
        }
    }

    private static DockerfileException Unsupported(string modifier) => DockerfileException.Value($"unsupported modifier ({modifier}) in substitution");

    // The word is read also where it is not used: its variables count as named.
    private string Conditional(string name, char modifier, bool emptyIsUnset)
    {
        string word = ScanUntil('}', NoBrace).Text;
        string? value = Value(name);
        if (KeepUnset && value is null)
        {
            return $"${{{name}{(emptyIsUnset ? ":" : "")}{modifier}{word}}}";
        }

        bool isUnset = value is null || (emptyIsUnset && value.Length == 0);
        if (modifier == '?' && isUnset)
        {
            string why = word.Length > 0 ? word : value is null ? "is not allowed to be unset" : "is not allowed to be empty";
            throw DockerfileException.Value($"{name}: {why}");
        }

        return modifier switch
        {
            '-' => isUnset ? word : value!,
            '+' => isUnset ? "" : word,
            _ => value!,
        };
    }

    // # ## from the front, % %% from the end; doubled: the longest match.
    private string Trim(string name, char modifier)
    {
        string pattern = PatternUntil('}', NoBrace);
        string? value = Value(name);
        if (KeepUnset && value is null)
        {
            return $"${{{name}{modifier}{pattern}}}";
        }

        bool longest = pattern.StartsWith(modifier);
        ShellPattern parsed = ShellPattern.Parse(longest ? pattern[1..] : pattern);
        return modifier == '#' ? parsed.TrimStart(value ?? "", longest, budget) : parsed.TrimEnd(value ?? "", longest, budget);
    }

    private string Replace(string name)
    {
        bool all = !IsEnd && text[_at] == '/';
        if (all)
        {
            _at++;
        }

        string pattern = PatternUntil('/', "syntax error: missing '/' in ${}");
        string replacement = PatternUntil('}', NoBrace);
        string? value = Value(name);
        return KeepUnset && value is null
            ? $"${{{name}/{(all ? "/" : "")}{pattern}/{replacement}}}"
            : ShellPattern.Parse(pattern).Replace(value ?? "", replacement, all, budget);
    }

    // A pattern's own escapes are the pattern's to read.
    private string PatternUntil(char stop, string missing)
    {
        bool before = _keepEscapes;
        _keepEscapes = true;
        try
        {
            return ScanUntil(stop, missing).Text;
        }
        finally
        {
            _keepEscapes = before;
        }
    }
}
