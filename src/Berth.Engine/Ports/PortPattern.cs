using System.Globalization;
using System.Net.Sockets;

using Berth.Api;
using Berth.Network;

namespace Berth.Engine.Ports;

/// <summary>Which published ports are meant: written as one that is asked for, where what is left out stands for any.</summary>
internal sealed record PortPattern(PortRequest Meant)
{
    /// <exception cref="Storage.EngineException">Invalid: names the port.</exception>
    public static IReadOnlyList<PortPattern> Parse(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> bindings) =>
        [.. PortBindings.Parse(bindings).Select(r => new PortPattern(r))];

    /// <summary>As it is written after -p: "127.0.0.1:8080:80/tcp", "80/tcp".</summary>
    public override string ToString()
    {
        string host = Meant.HostAddress is null ? "" : Meant.HostAddress.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Meant.HostAddress}]:" : $"{Meant.HostAddress}:";
        string ports = Meant.First == 0 ? host.Length == 0 ? "" : ":" : string.Create(CultureInfo.InvariantCulture, $"{Meant.First}{(Meant.Last == Meant.First ? "" : $"-{Meant.Last}")}:");
        return host + ports + PortBindings.Key(Meant.Protocol, Meant.ContainerPort);
    }

    public bool Matches(PublishedPort port) => Meant.Covers(port);

    /// <summary>Whether a binding as it was written is meant.</summary>
    public bool Matches(PortRequest wanted) => Meant.Protocol == wanted.Protocol && Meant.ContainerPort == wanted.ContainerPort
        && (Meant.HostAddress is null || Meant.HostAddress.Equals(wanted.HostAddress))
        && (Meant.First == 0 || (wanted.First >= Meant.First && wanted.Last <= Meant.Last));
}
