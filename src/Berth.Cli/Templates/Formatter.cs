using System.Globalization;
using System.Text;

using Berth.Cli.Json;
using Berth.Cli.Text;

namespace Berth.Cli.Templates;

/// <summary>fmt.Sprintf for the kinds of values a template has.</summary>
internal static class Formatter
{
    public static string Format(string format, ReadOnlySpan<object?> arguments)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            Directive directive = Read(format, ref i, arguments, ref next);
            if (directive.Verb == '\0')
            {
                text.Append("%!(NOVERB)");
            }
            else if (directive.Verb == '%')
            {
                text.Append('%');
            }
            else
            {
                text.Append(next < arguments.Length ? Pad(One(directive, arguments[next]), directive) : $"%!{directive.Verb}(MISSING)");
                next++;
            }
        }

        if (next < arguments.Length)
        {
            string[] extra = new string[arguments.Length - next];
            for (int i = 0; i < extra.Length; i++)
            {
                object? argument = arguments[next + i];
                extra[i] = argument is null ? "<nil>" : $"{GoValue.TypeName(argument)}={GoValue.Text(argument)}";
            }

            text.Append("%!(EXTRA ").AppendJoin(", ", extra).Append(')');
        }

        return text.ToString();
    }

    private static Directive Read(string format, ref int at, ReadOnlySpan<object?> arguments, ref int next)
    {
        var directive = default(Directive);
        for (at++; at < format.Length && "-+# 0".Contains(format[at], StringComparison.Ordinal); at++)
        {
            directive = format[at] switch
            {
                '-' => directive with { Left = true },
                '+' => directive with { Plus = true },
                '#' => directive with { Sharp = true },
                ' ' => directive with { Blank = true },
                _ => directive with { Zero = true },
            };
        }

        int? width = Size(format, ref at, arguments, ref next);
        directive = directive with { Width = Math.Abs(width ?? 0), Left = directive.Left || width < 0 };
        if (at < format.Length && format[at] == '.')
        {
            at++;
            directive = directive with { Precision = Size(format, ref at, arguments, ref next) ?? 0 };
        }

        return at < format.Length ? directive with { Verb = format[at] } : directive;
    }

    private static int? Size(string format, ref int at, ReadOnlySpan<object?> arguments, ref int next)
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return next < arguments.Length && arguments[next++] is long given ? (int)given : 0;
        }

        int start = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return start == at ? null : int.Parse(format.AsSpan(start, at - start), CultureInfo.InvariantCulture);
    }

    private static string One(Directive directive, object? value)
    {
        object? plain = value is JsonNumber number ? number.Value : value;
        return (directive.Verb, plain) switch
        {
            ('T', _) => plain is null ? "<nil>" : GoValue.TypeName(plain),
            ('v', string text) when directive.Sharp => GoString.Quote(text),
            ('v', _) when plain is IReadOnlyList<object?> or JsonObject or ITemplateFields || plain is null => plain is null ? "<nil>" : GoValue.Text(plain),
            ('s' or 'v', string text) => Cut(text, directive),
            ('q', string text) => GoString.Quote(Cut(text, directive)),
            ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
            ('X', string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
            ('s', IReadOnlyList<object?> list) => $"[{string.Join(' ', list.Select(item => One(directive, item)))}]",
            ('q', IReadOnlyList<object?> list) => $"[{string.Join(' ', list.Select(item => One(directive, item)))}]",
            ('t' or 'v', bool truth) => truth ? "true" : "false",
            (_, long integer) when "vdxXobcqU".Contains(directive.Verb, StringComparison.Ordinal) => Integer(directive, integer),
            (_, double real) when "vfFeEgG".Contains(directive.Verb, StringComparison.Ordinal) => Real(directive, real),
            (_, null or Missing) => $"%!{directive.Verb}(<nil>)",
            ('v', _) => GoValue.Text(plain),
            _ => $"%!{directive.Verb}({GoValue.TypeName(plain)}={GoValue.Text(plain)})",
        };
    }

    private static string Integer(Directive directive, long value)
    {
        string sign = value < 0 ? "-" : directive.Plus ? "+" : directive.Blank ? " " : "";
        ulong size = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        string digits = directive.Verb switch
        {
            'x' => (directive.Sharp ? "0x" : "") + size.ToString("x", CultureInfo.InvariantCulture),
            'X' => (directive.Sharp ? "0X" : "") + size.ToString("X", CultureInfo.InvariantCulture),
            'o' => (directive.Sharp ? "0" : "") + Convert.ToString((long)size, 8),
            'b' => Convert.ToString((long)size, 2),
            'c' => new Rune((int)value).ToString(),
            'q' => GoString.QuoteRune(new Rune((int)value)),
            'U' => string.Create(CultureInfo.InvariantCulture, $"U+{size:X4}"),
            _ => size.ToString(CultureInfo.InvariantCulture),
        };
        int zeros = directive.Precision ?? (directive.Zero && !directive.Left ? directive.Width - sign.Length : 0);
        return sign + digits.PadLeft(Math.Max(0, zeros), '0');
    }

    private static string Real(Directive directive, double value)
    {
        string text = directive.Verb switch
        {
            'v' when directive.Precision is null => GoNumber.Shortest(value),
            'g' or 'G' or 'v' => directive.Precision is int digits ? GoNumber.General(value, Math.Max(1, digits)) : GoNumber.Shortest(value),
            'f' or 'F' => value.ToString($"F{directive.Precision ?? 6}", CultureInfo.InvariantCulture),
            _ => Exponent(value.ToString($"e{directive.Precision ?? 6}", CultureInfo.InvariantCulture)),
        };
        text = directive.Plus && value >= 0 ? $"+{text}" : text;
        return directive.Verb is 'E' or 'G' ? text.ToUpperInvariant() : text;
    }

    // .NET writes three digits at least, Go two.
    private static string Exponent(string text)
    {
        int e = text.IndexOf('e', StringComparison.Ordinal);
        return text[..(e + 2)] + text[(e + 2)..].TrimStart('0').PadLeft(2, '0');
    }

    private static string Cut(string text, Directive directive) =>
        directive.Precision is int length && length < text.Length ? text[..length] : text;

    private static string Pad(string text, Directive directive)
    {
        int missing = directive.Width - text.EnumerateRunes().Count();
        return missing <= 0 ? text : directive.Left ? text + new string(' ', missing) : new string(directive.Zero ? '0' : ' ', missing) + text;
    }

    private readonly record struct Directive(char Verb, int Width, int? Precision, bool Left, bool Plus, bool Sharp, bool Blank, bool Zero);
}
