using System.Globalization;
using System.Net;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>One word of EXPOSE: port or range, protocol, and what should not stand there: an address, a port of the host.</summary>
/// <param name="Protocol">In the case of the file.</param>
internal sealed record ExposedPort(string Text, int First, int Last, string Protocol, bool HasHostPart)
{
    /// <summary>"80/tcp" for each port.</summary>
    public IEnumerable<string> Ports() => Enumerable.Range(First, Last - First + 1).Select(port => $"{port}/{Protocol.ToLowerInvariant()}");

    /// <exception cref="DockerfileException">What is wrong with it.</exception>
    public static ExposedPort Parse(string text)
    {
        string[] parts = text.Split(':');
        string container = parts[^1];
        string host = parts.Length > 1 ? parts[^2] : "";
        string address = string.Join(':', parts.SkipLast(2));
        int slash = container.IndexOf('/', StringComparison.Ordinal);
        string range = slash < 0 ? container : container[..slash];
        string protocol = slash < 0 || slash == container.Length - 1 ? "tcp" : container[(slash + 1)..];
        if (range.Length == 0)
        {
            throw DockerfileException.Value($"invalid port: {GoQuote.Quote(text)}: no port specified");
        }

        if (protocol.ToLowerInvariant() is not ("tcp" or "udp" or "sctp"))
        {
            throw DockerfileException.Value($"invalid port: {GoQuote.Quote(text)}: invalid proto: {protocol}");
        }

        if (address.Length > 0 && !IsAddress(address.StartsWith('[') && address.EndsWith(']') ? address[1..^1] : address))
        {
            throw DockerfileException.Value($"invalid IP address: {address}");
        }

        (int first, int last) = Range(range) ?? throw DockerfileException.Value($"invalid containerPort: {range}");
        CheckHost(host, range, last - first);
        return new ExposedPort(text, first, last, protocol, address.Length > 0 || host.Length > 0);
    }

    // Not "1" for 0.0.0.1, as inet_aton(3) would have it.
    private static bool IsAddress(string text) => (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3) && IPAddress.TryParse(text, out _);

    private static void CheckHost(string host, string range, int span)
    {
        if (host.Length == 0)
        {
            return;
        }

        (int first, int last) = Range(host) ?? throw DockerfileException.Value($"invalid hostPort: {host}");
        if (span != 0 && span != last - first)
        {
            throw DockerfileException.Value($"invalid ranges specified for container and host Ports: {range} and {host}");
        }
    }

    private static (int First, int Last)? Range(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        int? first = Port(dash < 0 ? text : text[..dash]);
        int? last = dash < 0 ? first : Port(text[(dash + 1)..]);
        return first <= last ? (first.Value, last!.Value) : null;
    }

    private static int? Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : null;
}
