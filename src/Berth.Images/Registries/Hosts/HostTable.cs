using System.Globalization;

using Tomlyn.Model;

namespace Berth.Images.Registries.Hosts;

/// <summary>A table of hosts.toml. What nobody asked for is reported, so that a misspelt option is not lost.</summary>
/// <param name="table">Its members.</param>
/// <param name="where">For errors: "/etc/…/hosts.toml, [host.\"https://…\"]".</param>
internal sealed class HostTable(TomlTable table, string where)
{
    private readonly HashSet<string> _known = [];

    public string? Text(string key) => Take(key) switch
    {
        null => null,
        string text => text,
        _ => throw Wrong(key, "a string"),
    };

    public bool Flag(string key) => Take(key) switch
    {
        null => false,
        bool flag => flag,
        _ => throw Wrong(key, "true or false"),
    };

    /// <summary>A string or a list of them.</summary>
    public IReadOnlyList<string> Texts(string key) => Take(key) switch
    {
        null => [],
        string text => [text],
        TomlArray list when list.All(static item => item is string) => [.. list.Cast<string>()],
        _ => throw Wrong(key, "a string or a list of strings"),
    };

    /// <summary>Certificates with their keys: a string, a list of strings, or a list of pairs.</summary>
    public IReadOnlyList<ClientCertificateFiles> Pairs(string key)
    {
        if (Take(key) is not { } value)
        {
            return [];
        }

        IEnumerable<object?> items = value is TomlArray list ? list : [value];
        return [.. items.Select(item => item switch
        {
            string both => new ClientCertificateFiles(both, null),
            TomlArray { Count: 2 } pair when pair[0] is string certificate && pair[1] is string secret => new ClientCertificateFiles(certificate, secret.Length == 0 ? null : secret),
            _ => throw Wrong(key, "a file, a list of files, or a list of pairs [certificate, key]"),
        })];
    }

    /// <summary>A table of strings or lists of strings.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(string key)
    {
        if (Take(key) is not { } value)
        {
            return [];
        }

        TomlTable headers = value as TomlTable ?? throw Wrong(key, "a table");
        var inner = new HostTable(headers, $"{where}, {key}");
        return [.. headers.Keys.SelectMany(name => inner.Texts(name).Select(text => KeyValuePair.Create(name, text)))];
    }

    /// <summary>A table of tables, in the order in which the file has them.</summary>
    public IReadOnlyList<(string Name, HostTable Table)> Tables(string key)
    {
        if (Take(key) is not { } value)
        {
            return [];
        }

        TomlTable tables = value as TomlTable ?? throw Wrong(key, "a table");
        return [.. tables.Select(item => (item.Key, new HostTable(item.Value as TomlTable ?? throw Wrong($"{key}.\"{item.Key}\"", "a table"), $"{where}, [{key}.\"{item.Key}\"]")))];
    }

    /// <summary>A length of time as Go writes it, e.g. "1s", "500ms", "1m30s".</summary>
    public TimeSpan? Duration(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        TimeSpan total = TimeSpan.Zero;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept("0123456789.");
            int unit = digits <= 0 ? -1 : rest[digits..].IndexOfAny("0123456789.");
            ReadOnlySpan<char> name = digits <= 0 ? default : unit < 0 ? rest[digits..] : rest.Slice(digits, unit);
            double seconds = name switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => throw Wrong(key, "a length of time such as \"10s\"") };
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || number * seconds > 86400)
            {
                throw Wrong(key, "a length of time of at most a day");
            }

            total += TimeSpan.FromSeconds(number * seconds);
            rest = unit < 0 ? default : rest[(digits + unit)..];
        }

        return total;
    }

    /// <exception cref="FormatException">There is a member that nobody asked for.</exception>
    public void Finish()
    {
        if (table.Keys.FirstOrDefault(key => !_known.Contains(key)) is { } unknown)
        {
            throw new FormatException($"{where}: \"{unknown}\" is not known");
        }
    }

    private object? Take(string key)
    {
        _known.Add(key);
        return table.TryGetValue(key, out object? value) ? value : null;
    }

    private FormatException Wrong(string key, string wanted) => new($"{where}: {key} is to be {wanted}");
}
