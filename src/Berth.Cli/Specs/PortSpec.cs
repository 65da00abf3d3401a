using System.Globalization;

using Berth.Cli.CommandLine;

namespace Berth.Cli.Specs;

/// <summary>One published port: "80/tcp" of the container on an address and port (or range to choose from) of the host; empty: any.</summary>
internal sealed record PortSpec(string Port, string HostIP, string HostPort)
{
    /// <summary>Reads "[ip:][hostPort:]containerPort[/proto]" with ranges, or "target=80,published=8080,protocol=tcp".</summary>
    /// <exception cref="SpecException">With Docker's text.</exception>
    public static IReadOnlyList<PortSpec> Parse(string text)
    {
        text = text.Contains('=', StringComparison.Ordinal) ? FromLongForm(text) : text;
        string[] parts = text.Split(':');
        string ip = parts.Length < 3 ? "" : string.Join(':', parts[..^2]);
        string host = parts.Length < 2 ? "" : parts[^2];
        string container = parts[^1];
        string protocol = "tcp";
        int slash = container.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            protocol = slash + 1 < container.Length ? container[(slash + 1)..].ToLowerInvariant() : "tcp";
            container = container[..slash];
        }

        if (container.Length == 0)
        {
            throw new SpecException($"no port specified: {text}<empty>");
        }

        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw new SpecException($"invalid proto: {protocol}");
        }

        if (ip.StartsWith('[') && ip.EndsWith(']'))
        {
            ip = ip[1..^1];
        }

        if (ip.Length > 0 && !IpText.IsAddress(ip))
        {
            throw new SpecException($"invalid IP address: {ip}");
        }

        PortRange inside = PortRange.TryParse(container) ?? throw new SpecException($"invalid containerPort: {container}");
        PortRange? outside = host.Length == 0 ? null : PortRange.TryParse(host) ?? throw new SpecException($"invalid hostPort: {host}");
        if (outside is PortRange range && range.Count != inside.Count && inside.Count > 1)
        {
            throw new SpecException($"invalid ranges specified for container and host Ports: {container} and {host}");
        }

        return inside.Numbers().Select((port, i) => new PortSpec($"{port}/{protocol}", ip, HostPortOf(outside, inside.Count, i))).ToArray();
    }

    /// <summary>For the flag table.</summary>
    public static string? Check(ref string value) => FlagChecks.By(value, Parse);

    // One container port on a range of the host: the daemon chooses. Otherwise they go in pairs.
    private static string HostPortOf(PortRange? outside, int count, int index) => outside switch
    {
        null => "",
        PortRange range when count == 1 && range.Count > 1 => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}"),
        PortRange range => (range.First + index).ToString(CultureInfo.InvariantCulture),
    };

    private static string FromLongForm(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["protocol"] = "tcp" };
        foreach (string field in text.Split(','))
        {
            int equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new SpecException($"invalid publish opts format (should be name=value but got '{field}')");
            }

            values[field[..equals]] = field[(equals + 1)..];
        }

        return $"{values.GetValueOrDefault("published", "")}:{values.GetValueOrDefault("target", "")}/{values["protocol"]}";
    }
}
