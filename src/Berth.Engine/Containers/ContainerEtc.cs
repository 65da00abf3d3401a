using System.Net;
using System.Text;

using Berth.Engine.Links;
using Berth.Engine.Spec;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Containers;

/// <summary>/etc/hosts, /etc/hostname and /etc/resolv.conf of containers: written at a start, and hosts again when their networks change.</summary>
internal sealed class ContainerEtc(DataRoot root, EngineOptions options, NetworkService networks, ContainerLinks links)
{
    private const int DnsPort = 53;
    private const uint Public = 0x1A4; // 0644: users of the container read these

    /// <summary>Writes all three into the run folder.</summary>
    public void Write(ContainerRecord record, IReadOnlyList<Endpoint> endpoints)
    {
        Write(root.Hosts(record.Id), HostsOf(record, endpoints));
        Write(root.Hostname(record.Id), $"{record.Document.Config.Hostname}\n");
        Write(root.ResolvConf(record.Id), ResolvConfOf(record, endpoints));
    }

    /// <summary>
    /// A running container came onto a network or left one: its own lines in hosts follow, and resolv.conf, where nobody has changed it, names the
    /// embedded server from the first network on that has one. What else somebody wrote there stays.
    /// </summary>
    public void Moved(ContainerRecord record, IReadOnlyList<Endpoint> before, IReadOnlyList<Endpoint> after)
    {
        Change(root.Hosts(record.Id), text => HostsFile.Replace(text, OwnLines(record, before), OwnLines(record, after)));
        string former = ResolvConfOf(record, before);
        Change(root.ResolvConf(record.Id), text => text == former ? ResolvConfOf(record, after) : text);
    }

    /// <summary>How the embedded server is to answer a container: behind it stand --dns, or the host's servers.</summary>
    public DnsSettings Dns(ContainerRecord record)
    {
        Api.HostConfig host = record.Document.HostConfig;
        return new DnsSettings
        {
            ContainerName = record.Name,
            Upstreams =
            [
                .. ResolvConf.Servers(HostServers(reachesLoopback: false), reachesLoopback: false, host.Dns)
                    .Select(s => IPAddress.TryParse(s, out IPAddress? address) ? new IPEndPoint(address, DnsPort) : null).OfType<IPEndPoint>(),
            ],
            KeepsSingleLabels = host.DnsOptions?.Any(o => o.StartsWith("ndots:", StringComparison.Ordinal) && o != "ndots:0") == true,
            Links = LinkAliases.Of(record, key => networks.Find(key)?.Id),
        };
    }

    private string HostsOf(ContainerRecord record, IReadOnlyList<Endpoint> endpoints)
    {
        (Api.ContainerConfig config, Api.HostConfig host) = (record.Document.Config, record.Document.HostConfig);
        return HostsFile.Build(
            host.NetworkMode == "host" ? ReadHost("etc/hosts") : null,
            config.Hostname ?? "",
            config.Domainname,
            Addresses(endpoints),
            networks.Find("bridge")?.Subnets[0].Gateway?.ToString(),
            host.ExtraHosts,
            links.Hosts(record));
    }

    private static IReadOnlyList<string> OwnLines(ContainerRecord record, IReadOnlyList<Endpoint> endpoints) =>
        [.. Addresses(endpoints).Select(a => HostsFile.OwnLine(a, record.Document.Config.Hostname ?? "", record.Document.Config.Domainname))];

    private static IReadOnlyList<string> Addresses(IReadOnlyList<Endpoint> endpoints) =>
        [.. endpoints.SelectMany(e => new[] { e.Address, e.Ipv6Address }).OfType<IPAddress>().Select(a => a.ToString())];

    private string ResolvConfOf(ContainerRecord record, IReadOnlyList<Endpoint> endpoints)
    {
        Api.HostConfig host = record.Document.HostConfig;
        bool hostNetwork = host.NetworkMode == "host";
        string servers = HostServers(hostNetwork);
        return endpoints.Any(e => networks.Find(e.NetworkId)?.ResolvesNames == true)
            ? ResolvConf.Embedded(servers, host.DnsSearch, host.DnsOptions)
            : ResolvConf.Build(servers, hostNetwork, host.Dns, host.DnsSearch, host.DnsOptions);
    }

    private string HostServers(bool reachesLoopback)
    {
        string servers = ReadHost("etc/resolv.conf") ?? "";
        return !reachesLoopback && ResolvConf.IsLocalStub(servers) ? ReadHost("run/systemd/resolve/resolv.conf") ?? servers : servers;
    }

    private string? ReadHost(string path)
    {
        try
        {
            return File.ReadAllText(Path.Join(options.HostRoot, path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Write(string path, string text) => RunFile.Write(path, Encoding.UTF8.GetBytes(text), Public);

    private static void Change(string path, Func<string, string> change)
    {
        string before = File.ReadAllText(path), after = change(before);
        if (after != before)
        {
            Write(path, after);
        }
    }
}
