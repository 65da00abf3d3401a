using System.Globalization;
using System.Text;

namespace Berth.Cli.Http;

/// <summary>A path with its query, percent-encoded. RFC 3986.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder text = new(path);
    private bool first = true;

    /// <summary>One segment of a path, encoded: a name with a slash in it stays one name.</summary>
    public static string Segment(string name)
    {
        var encoded = new StringBuilder(name.Length);
        Encode(encoded, name);
        return encoded.ToString();
    }

    /// <summary>An image's name in a path: its slashes are part of the path.</summary>
    public static string Path(string name) => Segment(name).Replace("%2F", "/", StringComparison.Ordinal);

    public Query Add(string name, string value)
    {
        text.Append(first ? '?' : '&').Append(name).Append('=');
        first = false;
        Encode(text, value);
        return this;
    }

    /// <summary>Only when the condition holds.</summary>
    public Query Flag(string name, bool value) => value ? Add(name, "1") : this;

    /// <summary>Only when it is not empty.</summary>
    public Query Text(string name, string value) => value.Length > 0 ? Add(name, value) : this;

    public override string ToString() => text.ToString();

    private static void Encode(StringBuilder into, string value)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)':')
            {
                into.Append((char)b);
            }
            else
            {
                into.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
    }
}
