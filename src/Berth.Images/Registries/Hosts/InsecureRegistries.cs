using System.Net;

namespace Berth.Images.Registries.Hosts;

/// <summary>Which registries may do without a good certificate, or without TLS at all (dockerd: --insecure-registry).</summary>
internal sealed class InsecureRegistries
{
    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [.. Loopback];

    /// <exception cref="FormatException">One is neither a host, a host with a port, nor a subnet.</exception>
    public InsecureRegistries(IEnumerable<string> given)
    {
        foreach (string text in given)
        {
            if (text.Contains('/', StringComparison.Ordinal))
            {
                _networks.Add(IPNetwork.TryParse(text, out IPNetwork network)
                    ? network
                    : throw new FormatException($"insecure registry {text} is not valid: HOST, HOST:PORT or ADDRESS/LENGTH is wanted, without http:// and paths"));
            }
            else if (text.Length == 0 || Uri.CheckHostName(HostOf(text)) == UriHostNameType.Unknown)
            {
                throw new FormatException($"insecure registry {text} is not valid: HOST, HOST:PORT or ADDRESS/LENGTH is wanted");
            }
            else
            {
                _names.Add(text);
            }
        }
    }

    /// <summary>Decides by name, and by the addresses the name has.</summary>
    /// <param name="registry">HOST or HOST:PORT.</param>
    /// <param name="addresses">What the host resolves to.</param>
    public bool Contains(string registry, IEnumerable<IPAddress> addresses)
    {
        string host = HostOf(registry);
        return host == "localhost" || _names.Contains(registry) || _names.Contains(host) || addresses.Any(a => _networks.Any(n => n.Contains(a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a)));
    }

    /// <summary>Without the port, and without the brackets of IPv6.</summary>
    public static string HostOf(string registry)
    {
        int colon = registry.LastIndexOf(':');
        string host = colon > registry.LastIndexOf(']') && (registry.StartsWith('[') || registry.IndexOf(':', StringComparison.Ordinal) == colon) ? registry[..colon] : registry;
        return host.Trim('[', ']');
    }
}
