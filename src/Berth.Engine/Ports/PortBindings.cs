using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Berth.Api;
using Berth.Engine.Containers;
using Berth.Network.Addresses;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Ports;

/// <summary>Ports to publish, as clients write them: "80/tcp" to addresses and ports of the host. Pure.</summary>
internal static class PortBindings
{
    /// <summary>The label that says how a container's ports are published, for clients that have no option for it.</summary>
    public const string PolicyLabel = "berth.publish-policy";

    /// <summary>What a container wants published: its bindings, and with --publish-all what it exposes beside them.</summary>
    /// <exception cref="EngineException">Invalid: names the port.</exception>
    public static IReadOnlyList<PortRequest> Of(HostConfig host, ContainerConfig config)
    {
        List<PortRequest> requests = [.. Parse(host.PortBindings)];
        if (host.PublishAllPorts == true)
        {
            HashSet<(ProtocolType, ushort)> bound = [.. requests.Select(r => (r.Protocol, r.ContainerPort))];
            requests.AddRange((config.ExposedPorts?.Keys ?? []).SelectMany(ParseExposed).Where(e => !bound.Contains(e)).Select(e => new PortRequest(e.Protocol, e.Port, null, 0, 0)));
        }

        return requests;
    }

    /// <exception cref="EngineException">Invalid: names the port.</exception>
    public static IEnumerable<PortRequest> Parse(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? bindings)
    {
        foreach ((string port, IReadOnlyList<PortBinding>? places) in bindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>())
        {
            (ProtocolType protocol, ushort number) = ParsePort(port);
            foreach (PortBinding place in places is { Count: > 0 } ? places : [new PortBinding()])
            {
                (ushort first, ushort last) = ParseRange(place.HostPort);
                yield return new PortRequest(protocol, number, ParseAddress(place.HostIp), first, last);
            }
        }
    }

    /// <summary>Whether a container's ports pass the host's own input rules, by its label or, without one, the daemon's policy.</summary>
    /// <exception cref="EngineException">Invalid: the label says something else.</exception>
    public static bool ThroughHost(ContainerConfig config, bool byDefault) => config.Labels?.GetValueOrDefault(PolicyLabel) switch
    {
        null => byDefault,
        "open" => false,
        "host" => true,
        string other => throw EngineException.Invalid($"invalid label {PolicyLabel}={other}: open or host is wanted"),
    };

    /// <summary>Whether a container wants ports published at all.</summary>
    public static bool AreAsked(HostConfig host) => host.PortBindings is { Count: > 0 } || host.PublishAllPorts == true;

    /// <summary>Whether the settings of a new container go together.</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static IEnumerable<string> Check(HostConfig host, ContainerConfig config)
    {
        _ = Of(host, config);
        _ = ThroughHost(config, false);
        bool asked = AreAsked(host);
        if (asked && JoinedNamespaces.Target(host.NetworkMode) is not null)
        {
            throw EngineException.Invalid("conflicting options: port publishing and the container type network mode");
        }

        return asked && host.NetworkMode == "host" ? ["Published ports are discarded when using host network mode"] : [];
    }

    /// <summary>Whether what a request exposes are ports. Of images what is none is left out.</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static void CheckExposed(IEnumerable<string> keys)
    {
        if (keys.FirstOrDefault(k => k.Count(c => c == '/') > 1 || k.Split('/')[0].Count(c => c == '-') > 1 || !ParseExposed(k).Any() || ParseExposed(k).First().Port == 0) is { } wrong)
        {
            throw EngineException.Invalid($"invalid exposed port: \"{wrong}\": PORT/PROTOCOL or FIRST-LAST/PROTOCOL is wanted, with ports from 1 to 65535 and tcp, udp or sctp");
        }
    }

    /// <summary>NetworkSettings.Ports of inspect: what is published, and what is only exposed.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Shape(IReadOnlyList<PublishedPort> ports, ContainerConfig config)
    {
        var shown = new Dictionary<string, IReadOnlyList<PortBinding>?>();
        foreach ((ProtocolType protocol, ushort port) in (config.ExposedPorts?.Keys ?? []).SelectMany(ParseExposed))
        {
            shown[Key(protocol, port)] = null;
        }

        foreach (IGrouping<string, PublishedPort> group in ports.GroupBy(p => Key(p.Protocol, p.ContainerPort)))
        {
            shown[group.Key] = [.. group.Select(p => new PortBinding { HostIp = p.HostAddress.ToString(), HostPort = p.OnHost ? p.HostPort.ToString(CultureInfo.InvariantCulture) : "" })];
        }

        return shown;
    }

    /// <summary>Ports of a row of ps.</summary>
    public static IReadOnlyList<PortSummary> Rows(IReadOnlyList<PublishedPort> ports, ContainerConfig config)
    {
        HashSet<(ProtocolType, ushort)> published = [.. ports.Select(p => (p.Protocol, p.ContainerPort))];
        return
        [
            .. ports.Where(p => p.OnHost).Select(p => new PortSummary { IP = p.HostAddress.ToString(), PrivatePort = p.ContainerPort, PublicPort = p.HostPort, Type = p.ProtocolName }),
            .. ports.Where(p => !p.OnHost).Select(p => (p.Protocol, p.ContainerPort)).Distinct().Where(own => !ports.Any(p => p.OnHost && own == (p.Protocol, p.ContainerPort)))
                .Select(own => new PortSummary { PrivatePort = own.ContainerPort, Type = PublishedPort.NameOf(own.Protocol) }), // reached at the container's own address
            .. (config.ExposedPorts?.Keys ?? []).SelectMany(ParseExposed).Where(e => !published.Contains(e))
                .Select(e => new PortSummary { PrivatePort = e.Port, Type = PublishedPort.NameOf(e.Protocol) }),
        ];
    }

    public static string Key(ProtocolType protocol, ushort port) => string.Create(CultureInfo.InvariantCulture, $"{port}/{PublishedPort.NameOf(protocol)}");

    /// <summary>"80/tcp", "80" (TCP).</summary>
    /// <exception cref="EngineException">Invalid.</exception>
    public static (ProtocolType Protocol, ushort Port) ParsePort(string text)
    {
        string[] parts = text.Split('/');
        ProtocolType? protocol = ProtocolOf(parts.Length > 1 ? parts[1] : "tcp");
        return parts.Length <= 2 && protocol is { } known && Number(parts[0]) is { } number and > 0
            ? (known, number)
            : throw EngineException.Invalid($"invalid port specification: \"{text}\": PORT/PROTOCOL is wanted, with tcp, udp or sctp");
    }

    /// <summary>An exposed port, which may be a range: "8000-8010/tcp".</summary>
    private static IEnumerable<(ProtocolType Protocol, ushort Port)> ParseExposed(string text)
    {
        string[] parts = text.Split('/'), range = parts[0].Split('-');
        ProtocolType? protocol = ProtocolOf(parts.Length > 1 ? parts[1] : "tcp");
        if (protocol is null || Number(range[0]) is not { } first || Number(range[^1]) is not { } last || last < first)
        {
            return [];
        }

        return Enumerable.Range(first, last - first + 1).Select(p => (protocol.Value, (ushort)p));
    }

    private static (ushort First, ushort Last) ParseRange(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (0, 0);
        }

        string[] ends = text.Split('-');
        return ends.Length <= 2 && Number(ends[0]) is { } first && Number(ends[^1]) is { } last && last >= first && (first > 0 || last == 0)
            ? (first, last)
            : throw EngineException.Invalid($"invalid port specification: \"{text}\": a host port from 1 to 65535 or a range FIRST-LAST is wanted");
    }

    private static IPAddress? ParseAddress(string? text) => string.IsNullOrEmpty(text)
        ? null
        : AddressText.TryParse(text.TrimStart('[').TrimEnd(']'), out IPAddress? address)
            ? address
            : throw EngineException.Invalid($"invalid IP address in port binding: \"{text}\"");

    private static ProtocolType? ProtocolOf(string text) => text.ToLowerInvariant() switch
    {
        "tcp" or "" => ProtocolType.Tcp,
        "udp" => ProtocolType.Udp,
        "sctp" => PublishedPort.Sctp,
        _ => null,
    };

    private static ushort? Number(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? number : null;
}
