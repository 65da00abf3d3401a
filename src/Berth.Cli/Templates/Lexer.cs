using System.Globalization;

using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>Cuts a template into words, by the lexical rules of Go's text/template.</summary>
internal sealed class Lexer
{
    private static readonly string[] Keywords = ["if", "else", "end", "range", "with", "define", "template", "block", "break", "continue"];

    private readonly string source;
    private readonly List<Token> tokens = [];
    private int at;
    private int line = 1;
    private int parens;

    private Lexer(string source) => this.source = source;

    /// <exception cref="TemplateException">With Go's text.</exception>
    public static List<Token> Cut(string source)
    {
        var lexer = new Lexer(source);
        while (lexer.Text())
        {
            lexer.Action();
        }

        lexer.Emit(TokenKind.End, "", lexer.at);
        return lexer.tokens;
    }

    // Up to the next action; false at the end.
    private bool Text()
    {
        int open = source.IndexOf("{{", at, StringComparison.Ordinal);
        string text = open < 0 ? source[at..] : source[at..open];
        bool trim = open >= 0 && HasTrimAfter(open + 2);
        string kept = trim ? text.TrimEnd(' ', '\t', '\r', '\n') : text;
        if (kept.Length > 0)
        {
            Emit(TokenKind.Text, kept, at);
        }

        line += text.Count(c => c == '\n');
        if (open < 0)
        {
            at = source.Length;
            return false;
        }

        int inner = open + (trim ? 4 : 2);
        if (source.AsSpan(inner).StartsWith("/*"))
        {
            at = inner;
            Comment();
            return Text();
        }

        Emit(TokenKind.LeftDelimiter, "{{", open);
        at = inner;
        return true;
    }

    private bool HasTrimAfter(int position) => position + 1 < source.Length && source[position] == '-' && IsSpace(source[position + 1]);

    private bool HasTrimBefore() => at + 3 < source.Length && IsSpace(source[at]) && source[at + 1] == '-' && source.AsSpan(at + 2).StartsWith("}}");

    private void Comment()
    {
        int close = source.IndexOf("*/", at, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Error("unclosed comment");
        }

        line += source.AsSpan(at, close - at).Count('\n');
        at = close + 2;
        bool trim = HasTrimBefore();
        at += trim ? 2 : 0;
        if (!source.AsSpan(at).StartsWith("}}"))
        {
            throw Error("comment ends before closing delimiter");
        }

        at += 2;
        SkipTrimmed(trim);
    }

    private void SkipTrimmed(bool trim)
    {
        while (trim && at < source.Length && IsSpace(source[at]))
        {
            line += source[at++] == '\n' ? 1 : 0;
        }
    }

    private void Action()
    {
        parens = 0;
        while (true)
        {
            bool trim = HasTrimBefore();
            if (trim || source.AsSpan(at).StartsWith("}}"))
            {
                if (parens > 0)
                {
                    throw Error("unclosed left paren");
                }

                at += trim ? 2 : 0;
                Emit(TokenKind.RightDelimiter, "}}", at);
                at += 2;
                SkipTrimmed(trim);
                return;
            }

            if (at >= source.Length)
            {
                throw Error("unclosed action");
            }

            Inside(source[at]);
        }
    }

    private void Inside(char c)
    {
        int start = at;
        switch (c)
        {
            case ' ' or '\t' or '\r' or '\n':
                while (at < source.Length && IsSpace(source[at]) && !HasTrimBefore())
                {
                    at++;
                }

                Emit(TokenKind.Space, source[start..at], start);
                line += source.AsSpan(start, at - start).Count('\n');
                break;
            case '"' or '\'':
                Quoted(c);
                break;
            case '`':
                RawString();
                break;
            case ':':
                if (!source.AsSpan(at).StartsWith(":="))
                {
                    throw Error("expected :=");
                }

                Take(TokenKind.Declare, 2);
                break;
            case '=': Take(TokenKind.Assign, 1); break;
            case '|': Take(TokenKind.Pipe, 1); break;
            case ',': Take(TokenKind.Punctuation, 1); break;
            case '(':
                parens++;
                Take(TokenKind.LeftParen, 1);
                break;
            case ')':
                parens--;
                Take(TokenKind.RightParen, 1);
                break;
            case '.' when at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]):
            case '+' or '-' or (>= '0' and <= '9'):
                Number();
                break;
            case '.' or '$':
                Name(c);
                break;
            case var letter when IsNamed(letter):
                Word();
                break;
            case > ' ' and < '\x7F': Take(TokenKind.Punctuation, 1); break;
            default:
                throw Error(string.Create(CultureInfo.InvariantCulture, $"unrecognized character in action: U+{(int)c:X4} '{c}'"));
        }
    }

    private void Quoted(char quote)
    {
        int start = at;
        for (at++; at < source.Length && source[at] != '\n'; at++)
        {
            if (source[at] == '\\')
            {
                at++;
            }
            else if (source[at] == quote)
            {
                at++;
                Emit(quote == '"' ? TokenKind.String : TokenKind.Char, source[start..at], start);
                return;
            }
        }

        throw Error(quote == '"' ? "unterminated quoted string" : "unterminated character constant");
    }

    private void RawString()
    {
        int close = source.IndexOf('`', at + 1);
        if (close < 0)
        {
            throw Error("unterminated raw quoted string");
        }

        Emit(TokenKind.RawString, source[at..(close + 1)], at);
        line += source.AsSpan(at, close - at).Count('\n');
        at = close + 1;
    }

    private void Number()
    {
        int start = at;
        at += source[at] is '+' or '-' ? 1 : 0;
        bool based = at + 1 < source.Length && source[at] == '0' && source[at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B';
        at += based ? 2 : 0;
        Digits(based);
        if (at < source.Length && source[at] == '.')
        {
            at++;
            Digits(based);
        }

        if (!based && at < source.Length && source[at] is 'e' or 'E')
        {
            at++;
            at += at < source.Length && source[at] is '+' or '-' ? 1 : 0;
            Digits(false);
        }

        if (at < source.Length && IsNamed(source[at]))
        {
            throw Error($"bad number syntax: {GoString.Quote(source[start..(at + 1)])}");
        }

        Emit(TokenKind.Number, source[start..at], start);
    }

    private void Digits(bool hexadecimal)
    {
        while (at < source.Length && (source[at] == '_' || (hexadecimal ? char.IsAsciiHexDigit(source[at]) : char.IsAsciiDigit(source[at]))))
        {
            at++;
        }
    }

    private void Name(char first)
    {
        int start = at++;
        while (at < source.Length && IsNamed(source[at]))
        {
            at++;
        }

        string text = source[start..at];
        RequireTerminator();
        Emit(first == '$' ? TokenKind.Variable : text == "." ? TokenKind.Dot : TokenKind.Field, text, start);
    }

    private void Word()
    {
        int start = at;
        while (at < source.Length && IsNamed(source[at]))
        {
            at++;
        }

        string word = source[start..at];
        RequireTerminator();
        TokenKind kind = word is "true" or "false" ? TokenKind.Bool
            : word == "nil" ? TokenKind.Nil
            : Array.IndexOf(Keywords, word) >= 0 ? TokenKind.Keyword
            : TokenKind.Identifier;
        Emit(kind, word, start);
    }

    // A name must be followed by something that can stand behind a name.
    private void RequireTerminator()
    {
        if (at < source.Length && !IsSpace(source[at]) && source[at] is not ('.' or ',' or '|' or ':' or ')' or '(' or '=') && !source.AsSpan(at).StartsWith("}}"))
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"bad character U+{(int)source[at]:X4} '{source[at]}'"));
        }
    }

    private void Take(TokenKind kind, int length)
    {
        Emit(kind, source.Substring(at, length), at);
        at += length;
    }

    private void Emit(TokenKind kind, string text, int position) => tokens.Add(new Token(kind, text, position - (position > 0 ? source.LastIndexOf('\n', position - 1) + 1 : 0), line));

    private TemplateException Error(string message) => new($"template: :{line}: {message}");

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';

    private static bool IsNamed(char c) => c == '_' || char.IsLetterOrDigit(c);
}
