using System.Net;
using System.Net.Sockets;

using Berth.Api;
using Berth.Engine.Ports;
using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Tests.Ports;

public sealed class PortBindingsTests
{
    private static IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> One(string port, string? address, string? hostPort) =>
        new Dictionary<string, IReadOnlyList<PortBinding>?> { [port] = [new PortBinding { HostIp = address, HostPort = hostPort }] };

    private static ContainerConfig Exposing(params string[] ports) => new() { ExposedPorts = ports.ToDictionary(static p => p, static _ => default(System.Text.Json.JsonElement)) };

    [Theory]
    [InlineData("80/tcp", "", "8080", "Tcp 80  8080-8080")]
    [InlineData("80", null, null, "Tcp 80  0-0")]
    [InlineData("80/", "", "0", "Tcp 80  0-0")]
    [InlineData("53/UDP", "127.0.0.1", "5353", "Udp 53 127.0.0.1 5353-5353")]
    [InlineData("9/sctp", "::1", "9", "132 9 ::1 9-9")]
    [InlineData("80/tcp", "[2001:db8::1]", "8000-8010", "Tcp 80 2001:db8::1 8000-8010")]
    [InlineData("65535/tcp", "0.0.0.0", "65535", "Tcp 65535 0.0.0.0 65535-65535")]
    public void WhatClientsWriteIsUnderstood(string port, string? address, string? hostPort, string expected)
    {
        PortRequest request = Assert.Single(PortBindings.Parse(One(port, address, hostPort)));
        Assert.Equal(expected, $"{request.Protocol} {request.ContainerPort} {request.HostAddress} {request.First}-{request.Last}");
    }

    [Theory]
    [InlineData("http/tcp", "", "80")]
    [InlineData("0/tcp", "", "80")]
    [InlineData("65536/tcp", "", "80")]
    [InlineData("80/tcp/udp", "", "80")]
    [InlineData("80/icmp", "", "80")]
    [InlineData("-80/tcp", "", "80")]
    [InlineData("80-81/tcp", "", "80")]
    [InlineData("80/tcp", "", "70000")]
    [InlineData("80/tcp", "", "0-10")]
    [InlineData("80/tcp", "", "10-5")]
    [InlineData("80/tcp", "", "1-2-3")]
    [InlineData("80/tcp", "", "+80")]
    [InlineData("80/tcp", "", " 80")]
    [InlineData("80/tcp", "", "80-")]
    [InlineData("80/tcp", "300.0.0.1", "80")]
    [InlineData("80/tcp", "localhost", "80")]
    public void WhatIsNoPortIsRefusedByName(string port, string address, string hostPort)
    {
        EngineException refused = Assert.Throws<EngineException>(() => PortBindings.Parse(One(port, address, hostPort)).ToList());
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains(new[] { port, address, hostPort }, part => part.Length > 0 && refused.Message.Contains($"\"{part}\"", StringComparison.Ordinal));
    }

    /// <summary>A port without places is one at any place.</summary>
    [Theory]
    [InlineData("80/tcp", true)]
    [InlineData("80", true)]
    [InlineData("8000-8010/udp", true)]
    [InlineData("65535/sctp", true)]
    [InlineData("65536/tcp", false)]
    [InlineData("70000/tcp", false)]
    [InlineData("0/tcp", false)]
    [InlineData("0-10/tcp", false)]
    [InlineData("80-70/tcp", false)]
    [InlineData("1-2-3/tcp", false)]
    [InlineData("80/icmp", false)]
    [InlineData("80/tcp/x", false)]
    [InlineData("http", false)]
    [InlineData("", false)]
    public void WhatARequestExposesArePorts(string key, bool valid)
    {
        Exception? refused = Record.Exception(() => PortBindings.CheckExposed(["81/tcp", key]));
        Assert.Equal(valid, refused is null);
        Assert.True(valid || (refused is EngineException { Kind: EngineErrorKind.Invalid } && refused.Message.Contains($"\"{key}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void NoPlaceIsAnyPlace()
    {
        var bindings = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = null, ["81/tcp"] = [] };
        Assert.Equal([(80, 0), (81, 0)], PortBindings.Parse(bindings).Select(static r => ((int)r.ContainerPort, (int)r.First)));
        Assert.Empty(PortBindings.Parse(null));
    }

    [Fact]
    public void PublishAllAddsWhatIsExposedAndNotBound()
    {
        var host = new HostConfig { PublishAllPorts = true, PortBindings = One("80/tcp", "", "8080") };
        ContainerConfig config = Exposing("80/tcp", "81/udp", "90-92");
        Assert.Equal(["80/tcp", "81/udp", "90/tcp", "91/tcp", "92/tcp"], PortBindings.Of(host, config).Select(static r => PortBindings.Key(r.Protocol, r.ContainerPort)));
        Assert.Equal(["80/tcp"], PortBindings.Of(host with { PublishAllPorts = false }, config).Select(static r => PortBindings.Key(r.Protocol, r.ContainerPort)));
    }

    [Fact]
    public void InspectShowsWhatIsPublishedAndWhatIsOnlyExposed()
    {
        PublishedPort[] ports = [new(ProtocolType.Tcp, 80, IPAddress.Any, 8080), new(ProtocolType.Tcp, 80, IPAddress.IPv6Any, 8080), new(ProtocolType.Udp, 53, IPAddress.Loopback, 5353)];
        IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> shape = PortBindings.Shape(ports, Exposing("80/tcp", "90/tcp"));
        Assert.Equal(["53/udp", "80/tcp", "90/tcp"], shape.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["0.0.0.0 8080", ":: 8080"], shape["80/tcp"]!.Select(static b => $"{b.HostIp} {b.HostPort}"));
        Assert.Null(shape["90/tcp"]);
        Assert.Equal(
            ["0.0.0.0 80 8080 tcp", ":: 80 8080 tcp", "127.0.0.1 53 5353 udp", " 90  tcp"],
            PortBindings.Rows(ports, Exposing("80/tcp", "90/tcp")).Select(static r => $"{r.IP} {r.PrivatePort} {r.PublicPort} {r.Type}"));
    }

    /// <summary>On a routed network: Docker shows it without a port of the host.</summary>
    [Fact]
    public void APortAtItsOwnAddressHasNoneOfTheHost()
    {
        PublishedPort[] ports = [new(ProtocolType.Tcp, 80, IPAddress.Any, 0), new(ProtocolType.Tcp, 80, IPAddress.IPv6Any, 0), new(ProtocolType.Udp, 53, IPAddress.Any, 5353), new(ProtocolType.Udp, 53, IPAddress.IPv6Any, 0)];
        Assert.Equal(["0.0.0.0 ", ":: "], PortBindings.Shape(ports, Exposing("80/tcp"))["80/tcp"]!.Select(static b => $"{b.HostIp} {b.HostPort}"));
        Assert.Equal(["0.0.0.0 53 5353 udp", " 80  tcp"], PortBindings.Rows(ports, Exposing("80/tcp")).Select(static r => $"{r.IP} {r.PrivatePort} {r.PublicPort} {r.Type}"));
        PortRequest Asked(string? address) => new(ProtocolType.Tcp, 80, address is null ? null : IPAddress.Parse(address), 8080, 8080);
        Assert.Equal([true, true, false], new[] { null, "198.51.100.1", "::" }.Select(a => Asked(a).Covers(ports[0])));
    }

    [Fact]
    public void TheLabelOverrulesTheDaemon()
    {
        static ContainerConfig With(string value) => new() { Labels = new Dictionary<string, string> { [PortBindings.PolicyLabel] = value } };
        Assert.True(PortBindings.ThroughHost(new ContainerConfig(), true));
        Assert.False(PortBindings.ThroughHost(new ContainerConfig(), false));
        Assert.False(PortBindings.ThroughHost(With("open"), true));
        Assert.True(PortBindings.ThroughHost(With("host"), false));
        Assert.Throws<EngineException>(() => PortBindings.ThroughHost(With("closed"), false));
    }

    [Fact]
    public void ASharedNamespacePublishesNothing()
    {
        var host = new HostConfig { PortBindings = One("80/tcp", "", "80"), NetworkMode = "container:other" };
        Assert.Throws<EngineException>(() => PortBindings.Check(host, new ContainerConfig()));
        Assert.Equal(["Published ports are discarded when using host network mode"], PortBindings.Check(host with { NetworkMode = "host" }, new ContainerConfig()));
        Assert.Empty(PortBindings.Check(host with { NetworkMode = "bridge" }, new ContainerConfig()));
    }

    [Theory]
    [InlineData("", "", "80/tcp")]
    [InlineData("", "8080", "8080:80/tcp")]
    [InlineData("::1", "8080-8090", "[::1]:8080-8090:80/tcp")]
    [InlineData("127.0.0.1", "", "127.0.0.1::80/tcp")]
    public void APatternIsWrittenAsOneIsAskedFor(string address, string hostPort, string expected) =>
        Assert.Equal(expected, Assert.Single(PortPattern.Parse(One("80/tcp", address, hostPort))).ToString());

    [Theory]
    [InlineData("", "", "0.0.0.0:8080 127.0.0.1:8080 0.0.0.0:8081")]
    [InlineData("", "8080", "0.0.0.0:8080 127.0.0.1:8080")]
    [InlineData("127.0.0.1", "", "127.0.0.1:8080")]
    [InlineData("127.0.0.1", "8081", "")]
    [InlineData("", "8081-8090", "0.0.0.0:8081")]
    public void APatternMeansSomeOfThem(string address, string hostPort, string expected)
    {
        PublishedPort[] ports =
        [
            new(ProtocolType.Tcp, 80, IPAddress.Any, 8080), new(ProtocolType.Tcp, 80, IPAddress.Loopback, 8080), new(ProtocolType.Tcp, 80, IPAddress.Any, 8081),
            new(ProtocolType.Udp, 80, IPAddress.Any, 8080), new(ProtocolType.Tcp, 81, IPAddress.Any, 8080),
        ];
        PortPattern pattern = Assert.Single(PortPattern.Parse(One("80/tcp", address, hostPort)));
        Assert.Equal(expected, string.Join(' ', ports.Where(pattern.Matches).Select(static p => $"{p.HostAddress}:{p.HostPort}")));
    }
}
