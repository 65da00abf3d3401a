using System.Globalization;
using System.Text;

using Berth.Cli.Json;

namespace Berth.Cli.Templates;

/// <summary>The functions that every Go template has ("and" and "or" are the executor's, as they do not look at all they are given).</summary>
internal static class GoFunctions
{
    public static Dictionary<string, Func<object?[], object?>> All { get; } = new()
    {
        ["not"] = a => !GoValue.IsTrue(Exactly("not", a, 1)[0]),
        ["len"] = a => Length(Exactly("len", a, 1)[0]),
        ["index"] = a => AtLeast("index", a, 1).Skip(1).Aggregate(a[0], Index),
        ["slice"] = Slice,
        ["print"] = a => Print(a),
        ["println"] = a => string.Join(' ', a.Select(GoValue.Text)) + "\n",
        ["printf"] = a => AtLeast("printf", a, 1)[0] is string format ? Formatter.Format(format, a.AsSpan(1)) : throw WrongType("string", a[0], 0),
        ["html"] = a => Escape(Print(a), static c => c switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '\'' => "&#39;", '"' => "&#34;", '\0' => "\uFFFD", _ => null }),
        ["js"] = a => Escape(Print(a), Js),
        ["urlquery"] = a => UrlQuery(Print(a)),
        ["call"] = a => throw new FunctionException($"non-function {GoValue.Text(AtLeast("call", a, 1)[0])} of type {GoValue.TypeName(a[0])}"),
        ["eq"] = a => AtLeast("eq", a, 1).Length == 1
            ? throw new FunctionException("missing argument for comparison")
            : a.Skip(1).Any(other => Comparison.AreEqual(a[0], other)),
        ["ne"] = a => !Comparison.AreEqual(Exactly("ne", a, 2)[0], a[1]),
        ["lt"] = a => Comparison.Order(Exactly("lt", a, 2)[0], a[1]) < 0,
        ["le"] = a => Comparison.Order(Exactly("le", a, 2)[0], a[1]) <= 0,
        ["gt"] = a => Comparison.Order(Exactly("gt", a, 2)[0], a[1]) > 0,
        ["ge"] = a => Comparison.Order(Exactly("ge", a, 2)[0], a[1]) >= 0,
    };

    /// <summary>Refuses any other number of arguments.</summary>
    public static object?[] Exactly(string name, object?[] arguments, int count) => arguments.Length == count
        ? arguments
        : throw new FunctionException($"wrong number of args for {name}: want {count} got {arguments.Length}", FunctionFault.Call);

    public static object?[] AtLeast(string name, object?[] arguments, int count) => arguments.Length >= count
        ? arguments
        : throw new FunctionException($"wrong number of args for {name}: want at least {count} got {arguments.Length}", FunctionFault.Call);

    /// <summary>An argument is of the wrong kind.</summary>
    public static FunctionException WrongType(string wanted, object? value, int argument) =>
        new($"wrong type for value; expected {wanted}; got {GoValue.TypeName(value)}", FunctionFault.Call) { Argument = argument, Wanted = wanted };

    // fmt.Sprint: a blank between two operands when neither is a string.
    private static string Print(object?[] values)
    {
        var text = new StringBuilder();
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i > 0 && values[i] is not string && values[i - 1] is not string ? " " : "").Append(GoValue.Text(values[i]));
        }

        return text.ToString();
    }

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        IReadOnlyCollection<object?> list => list.Count,
        JsonObject map => map.Members.Count,
        TypedNull => 0,
        null or Missing => throw new FunctionException("len of nil pointer"),
        _ => throw new FunctionException($"len of type {GoValue.TypeName(value)}"),
    };

    private static object? Index(object? of, object? key)
    {
        switch (of)
        {
            case JsonObject map:
                return key is string name
                    ? map.TryGet(name, out object? value) ? value : map.Shape switch { JsonShape.Map => "", JsonShape.Struct => null, _ => Missing.Value }
                    : throw new FunctionException($"value has type {GoValue.TypeName(key)}; should be string");
            case IReadOnlyList<object?> list:
                return list[Position(key, list.Count)];
            case string text:
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                return (long)bytes[Position(key, bytes.Length)];
            case TypedNull when key is string:
                return "";
            case TypedNull or null or Missing:
                throw new FunctionException("index of untyped nil");
            default:
                throw new FunctionException($"can't index item of type {GoValue.TypeName(of)}");
        }
    }

    private static int Position(object? key, int count) => key switch
    {
        long index when index >= 0 && index < count => (int)index,
        long index => throw new FunctionException($"index out of range: {index}"),
        null => throw new FunctionException("cannot index slice/array with nil"),
        _ => throw new FunctionException($"cannot index slice/array with type {GoValue.TypeName(key)}"),
    };

    private static object? Slice(object?[] arguments)
    {
        object? of = AtLeast("slice", arguments, 1)[0];
        if (arguments.Length > 4 || (of is string && arguments.Length == 4))
        {
            throw new FunctionException(of is string ? "cannot 3-index slice a string" : $"too many slice indexes: {arguments.Length - 1}");
        }

        int count = of switch
        {
            string text => Encoding.UTF8.GetByteCount(text),
            IReadOnlyList<object?> list => list.Count,
            TypedNull => 0,
            null or Missing => throw new FunctionException("slice of untyped nil"),
            _ => throw new FunctionException($"can't slice item of type {GoValue.TypeName(of)}"),
        };
        int from = arguments.Length > 1 ? Position(arguments[1], count + 1) : 0;
        int to = arguments.Length > 2 ? Position(arguments[2], count + 1) : count;
        if (from > to)
        {
            throw new FunctionException($"invalid slice index: {from} > {to}");
        }

        return of is string bytes
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(bytes), from, to - from)
            : new JsonList((of as IReadOnlyList<object?> ?? []).Skip(from).Take(to - from));
    }

    private static string Escape(string text, Func<char, string?> replace)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            escaped.Append(replace(c) ?? c.ToString());
        }

        return escaped.ToString();
    }

    private static string? Js(char c) => c switch
    {
        '\\' => "\\\\",
        '\'' => "\\'",
        '"' => "\\\"",
        '<' => "\\u003C",
        '>' => "\\u003E",
        '&' => "\\u0026",
        '=' => "\\u003D",
        < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
        _ => null,
    };

    private static string UrlQuery(string text)
    {
        var query = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' ? query.Append((char)b)
                : b == ' ' ? query.Append('+')
                : query.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return query.ToString();
    }
}
