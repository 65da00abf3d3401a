using System.Text;

namespace Berth.Build.Dockerfile.Words;

/// <summary>One pass over a text. The parts of ${...} are in WordScan.Braces.cs.</summary>
internal sealed partial class WordScan(string text, char escape, WordOptions options, BuildVariables variables, PatternBudget budget)
{
    private readonly HashSet<string> _matched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unmatched = new(StringComparer.Ordinal);
    private bool _keepEscapes = options.HasFlag(WordOptions.KeepEscapes);
    private int _at;
    private int _depth;

    public IReadOnlySet<string> Matched => _matched;

    public IReadOnlySet<string> Unmatched => _unmatched;

    private bool IsEnd => _at >= text.Length;

    private bool KeepUnset => options.HasFlag(WordOptions.KeepUnset);

    public WordBuffer Run() => ScanUntil(null, "");

    // Up to an unquoted character, which is consumed, or to the end.
    private WordBuffer ScanUntil(char? stop, string missing)
    {
        if (_depth++ > ParseLimits.ExpansionDepth)
        {
            throw DockerfileException.Value($"variables are nested more than {ParseLimits.ExpansionDepth} deep");
        }

        var buffer = new WordBuffer();
        while (!IsEnd)
        {
            if (text[_at] == stop)
            {
                _at++;
                _depth--;
                return buffer;
            }

            ScanOne(buffer);
        }

        _depth--;
        return stop is null ? buffer : throw DockerfileException.Value(missing);
    }

    private void ScanOne(WordBuffer buffer)
    {
        char c = text[_at];
        bool quotes = !options.HasFlag(WordOptions.LiteralQuotes);
        if (c == '\'' && quotes)
        {
            buffer.AddQuoted(SingleQuoted());
        }
        else if (c == '"' && quotes)
        {
            buffer.AddQuoted(DoubleQuoted());
        }
        else if (c == '$')
        {
            buffer.AddPlain(Dollar());
        }
        else if (c == '<' && text.AsSpan(_at).StartsWith("<<"))
        {
            // "<< EOF" is one word.
            int from = _at;
            _at += 2;
            while (!IsEnd && text[_at] is ' ' or '\t' or '\r')
            {
                _at++;
            }

            buffer.AddQuoted(text.AsSpan(from, _at - from));
        }
        else if (c == escape)
        {
            Escaped(buffer);
        }
        else
        {
            buffer.AddPlain(text.AsSpan(_at++, 1));
        }
    }

    private void Escaped(WordBuffer buffer)
    {
        int from = _keepEscapes ? _at : _at + 1;
        _at = Math.Min(_at + 2, text.Length);
        buffer.AddQuoted(text.AsSpan(from, _at - from));
    }

    private string SingleQuoted()
    {
        int end = text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            _at = text.Length;
            throw DockerfileException.Value("unexpected end of statement while looking for matching single-quote");
        }

        int from = _at;
        _at = end + 1;
        return options.HasFlag(WordOptions.KeepQuotes) ? text[from.._at] : text[(from + 1)..end];
    }

    // Only ", $ and the escape itself can be escaped here; before all else the escape is a character.
    private string DoubleQuoted()
    {
        var result = new StringBuilder();
        bool keepQuotes = options.HasFlag(WordOptions.KeepQuotes);
        _at++;
        while (!IsEnd && text[_at] != '"')
        {
            char c = text[_at];
            if (c == '$')
            {
                result.Append(Dollar());
                continue;
            }

            _at++;
            bool escapes = c == escape && !IsEnd && (text[_at] is '"' or '$' || text[_at] == escape);
            if (!escapes || _keepEscapes)
            {
                result.Append(c);
            }

            if (escapes)
            {
                result.Append(text[_at++]);
            }
        }

        if (IsEnd)
        {
            throw DockerfileException.Value("unexpected end of statement while looking for matching double-quote");
        }

        _at++;
        return keepQuotes ? $"\"{result}\"" : result.ToString();
    }

    private string Dollar()
    {
        _at++;
        if (!IsEnd && text[_at] == '{')
        {
            _at++;
            return Braced();
        }

        string name = Name();
        return name.Length == 0 ? "$" : Value(name) ?? (KeepUnset ? "$" + name : "");
    }

    // Letters, digits and _; all digits (a positional parameter); or one of the special parameters, which are never set.
    private string Name()
    {
        int from = _at;
        if (!IsEnd && text[_at] is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            _at++;
        }
        else if (!IsEnd && char.IsDigit(text[_at]))
        {
            while (!IsEnd && char.IsDigit(text[_at]))
            {
                _at++;
            }
        }
        else
        {
            while (!IsEnd && Rune.TryGetRuneAt(text, _at, out Rune rune) && (Rune.IsLetterOrDigit(rune) || rune.Value == '_'))
            {
                _at += rune.Utf16SequenceLength;
            }
        }

        return text[from.._at];
    }

    private string? Value(string name)
    {
        string? value = variables[name];
        (value is null ? _unmatched : _matched).Add(name);
        return value;
    }
}
