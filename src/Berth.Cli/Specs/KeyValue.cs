using System.Text;

namespace Berth.Cli.Specs;

/// <summary>"key=value" words and files of them.</summary>
internal static class KeyValue
{
    /// <summary>At the first "="; without one the value is empty.</summary>
    public static (string Key, string Value) Split(string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
    }

    /// <summary>A later key replaces an earlier one, at the earlier one's place.</summary>
    public static Dictionary<string, string> ToMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            (string key, string value) = Split(pair);
            map[key] = value;
        }

        return map;
    }

    /// <summary>Reads a file of lines "KEY=VALUE"; blank lines and those with "#" in front are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lookup">Gives the value of a key that stands alone; null: such a line is dropped.</param>
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static List<string> ReadFile(string path, Func<string, string?>? lookup)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpecException($"open {path}: {FileReason.Of(e)}");
        }

        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[3..];
        }

        var pairs = new List<string>();
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains('\uFFFD', StringComparison.Ordinal))
            {
                throw new SpecException($"invalid env file ({path}): invalid utf8 bytes at line {i + 1}");
            }

            if (Line(path, lines[i].TrimEnd('\r').TrimStart(), lookup) is string pair)
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }

    /// <summary>For "-e": a key alone takes its value from our own environment; unset there, it goes as it is and unsets the image's.</summary>
    public static string? CheckEnvironment(ref string value)
    {
        if (value.Length == 0 || value[0] == '=')
        {
            return $"invalid environment variable: {value}";
        }

        if (!value.Contains('=', StringComparison.Ordinal) && Environment.GetEnvironmentVariable(value) is string found)
        {
            value = $"{value}={found}";
        }

        return null;
    }

    public static string? CheckLabel(ref string value)
    {
        string key = Split(value).Key.TrimStart(' ', '\t');
        return key.Length == 0 ? $"invalid label '{value}': empty name"
            : key.AsSpan().ContainsAny(" \t") ? $"label '{key}' contains whitespaces"
            : null;
    }

    private static string? Line(string path, string line, Func<string, string?>? lookup)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return null;
        }

        string key = Split(line).Key;
        if (key.Length == 0)
        {
            throw new SpecException($"invalid env file ({path}): no variable name on line '{line}'");
        }

        if (key.AsSpan().ContainsAny(" \t"))
        {
            throw new SpecException($"invalid env file ({path}): variable '{key}' contains whitespaces");
        }

        return line.Contains('=', StringComparison.Ordinal) ? line
            : lookup?.Invoke(line) is string value ? $"{key}={value}"
            : null;
    }
}
