using System.Globalization;

using Berth.Storage;

namespace Berth.Images.Import;

/// <summary>The argument of EXPOSE: a port or a range, with a protocol.</summary>
internal static class ExposedPort
{
    private const int MostPorts = 65536;

    /// <summary>Each port as "80/tcp".</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static IEnumerable<string> Parse(string text)
    {
        string[] parts = text.Split('/');
        string protocol = parts.Length == 2 ? parts[1].ToLowerInvariant() : "tcp";
        string[] ends = parts[0].Split('-');
        if (parts.Length > 2 || ends.Length > 2 || protocol is not ("tcp" or "udp" or "sctp") || !TryPort(ends[0], out int first) || !TryPort(ends[^1], out int last) || last < first)
        {
            throw EngineException.Invalid($"invalid containerPort: {text}");
        }

        return Enumerable.Range(first, last - first + 1).Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port < MostPorts;
}
