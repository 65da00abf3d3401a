using System.Net;

namespace Berth.Images.Registries.Http;

/// <summary>NO_PROXY as Go reads it (golang.org/x/net/http/httpproxy): hosts with their subdomains, addresses, subnets, each perhaps with a port, or "*". This machine never.</summary>
internal sealed class NoProxy
{
    private readonly List<(string Host, int? Port)> _hosts = [];
    private readonly List<IPNetwork> _networks = [];
    private bool _all;

    private NoProxy()
    {
    }

    public static NoProxy Parse(string? text)
    {
        var parsed = new NoProxy();
        foreach (string item in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (item == "*")
            {
                parsed._all = true;
            }
            else if (item.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(item, out IPNetwork network))
            {
                parsed._networks.Add(network);
            }
            else
            {
                parsed._hosts.Add(Split(item.ToLowerInvariant()));
            }
        }

        return parsed;
    }

    public bool Contains(Uri destination)
    {
        string host = destination.IdnHost.TrimEnd('.').ToLowerInvariant();
        if (_all || host == "localhost")
        {
            return true;
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address))
        {
            return IPAddress.IsLoopback(address) || _networks.Exists(n => n.Contains(address))
                || _hosts.Exists(h => IPAddress.TryParse(h.Host, out IPAddress? named) && named.Equals(address) && Fits(h.Port, destination));
        }

        return _hosts.Exists(h => Fits(h.Port, destination) && IsBelow(host, h.Host));
    }

    // ".example" is the names below alone, "example" and "*.example" … as Go has them: the first also itself.
    private static bool IsBelow(string host, string named)
    {
        string suffix = named.StartsWith("*.", StringComparison.Ordinal) ? named[1..] : named;
        return suffix.StartsWith('.') ? host.EndsWith(suffix, StringComparison.Ordinal) : host == suffix || host.EndsWith($".{suffix}", StringComparison.Ordinal);
    }

    private static bool Fits(int? port, Uri destination) => port is null || port == destination.Port;

    private static (string Host, int? Port) Split(string item)
    {
        int colon = item.LastIndexOf(':');
        bool hasPort = colon > item.LastIndexOf(']') && item.IndexOf(':', StringComparison.Ordinal) == colon | item.StartsWith('[');
        return hasPort && int.TryParse(item.AsSpan(colon + 1), out int port) ? (item[..colon].Trim('[', ']'), port) : (item.Trim('[', ']'), null);
    }
}
