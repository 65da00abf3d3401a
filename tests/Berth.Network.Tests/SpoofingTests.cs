using System.Net;
using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Linux.NfTables;
using Berth.Network.Firewall;

namespace Berth.Network.Tests;

/// <summary>On a network that keeps its containers apart nobody speaks as a neighbour: not to use its links, and not to get what is sent to it.</summary>
public sealed class SpoofingTests : IAsyncLifetime
{
    private readonly TestHost _host = new();
    private NetworkService? _service;
    private Sandbox _victim = null!, _server = null!, _forger = null!;
    private string _bridge = "";

    private Endpoint Victim => _victim.Endpoints[0];

    private Endpoint Forger => _forger.Endpoints[0];

    public async ValueTask InitializeAsync()
    {
        await _host.AddContainersAsync("victim", "server", "forger");
        _service = await _host.StartAsync();
        Network network = await _service.CreateAsync(
            new NetworkDefinition { Name = "apart", EnableIpv6 = true, Options = new Dictionary<string, string> { ["com.docker.network.bridge.enable_icc"] = "false" } },
            static (_, _) => { },
            CancellationToken.None);
        _bridge = network.Bridge!;
        var on = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "apart" }] };
        _victim = await _service.Endpoints.TakeAsync("victim", on, CancellationToken.None);
        _server = await _service.Endpoints.TakeAsync("server", on, CancellationToken.None);
        _forger = await _service.Endpoints.TakeAsync("forger", on, CancellationToken.None);
        await _service.Endpoints.AllowAsync([new LinkedPorts(Victim, _server.Endpoints[0], [new LinkedPort(ProtocolType.Udp, 80)])]);
        string gateway = Convert.ToHexString(_host.Routes.FindLink(_bridge)!.Address);
        string hardware = string.Join(':', gateway.Chunk(2).Select(d => new string(d)));
        foreach ((FileDescriptor space, IPAddress to) in new[] { (_victim.Namespace, _server.Endpoints[0].Address!), (_forger.Namespace, _server.Endpoints[0].Address!), (_forger.Namespace, Forger.Gateway!) })
        {
            In(space, $"ip neigh replace {to} lladdr {hardware} dev eth0 nud permanent"); // ARP is another matter
        }

        In(_forger.Namespace, $"ip neigh replace {Forger.Ipv6Gateway} lladdr {hardware} dev eth0 nud permanent");
        In(_forger.Namespace, $"ip address add {Victim.Address}/32 dev eth0; ip -6 address add {Victim.Ipv6Address}/128 dev eth0 nodad");
        await TestHost.UntilAsync(() => !TestHost.RunProgramIn(_forger.Namespace, "ip", "-6", "addr").Contains("tentative", StringComparison.Ordinal), "IPv6 is ready");
        await TestHost.UntilAsync(() => Tries(_forger.Namespace, $"busybox ping -c 1 -W 1 -I {Forger.Address} {Forger.Gateway}"), "the port passes packets");
    }

    public async ValueTask DisposeAsync()
    {
        _victim.Dispose();
        _server.Dispose();
        _forger.Dispose();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _host.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ANeighboursAddressesAreOfNoUse(int bridgeFilter)
    {
        _host.RunProgram("sh", "-c", $"cd /proc/sys/net/bridge || exit 0; for f in iptables ip6tables arptables; do echo {bridgeFilter} > bridge-nf-call-$f; done");
        Assert.True(LinkIsUsedBy(_victim.Namespace));
        Assert.True(LinkIsUsedBy(_victim.Namespace, ipv6: true));
        Assert.Equal("", Forgeries());

        // It comes back like the firewall, and outlives the daemon.
        _host.RunProgram("nft", "flush", "ruleset");
        await TestHost.UntilAsync(() => Tables() == 2, "both tables are back");
        Assert.Equal("", Forgeries());
        await _service!.DisposeAsync();
        _service = null;
        Assert.Equal("", Forgeries());

        // And without it, all of that works.
        _host.RunProgram("nft", "delete", "table", "bridge", "berth-berth0");
        Assert.Equal("link link6 arp ipv6 advertisement hardware", Forgeries());
    }

    [Fact]
    public async Task WhatIsNobodysPasses()
    {
        In(_forger.Namespace, "ip address add 10.255.255.1/32 dev eth0");
        Assert.True(Arrives(_forger.Namespace, IPAddress.Parse("10.255.255.1"), _host.Namespace, Forger.Gateway!));
        In(_forger.Namespace, "ip link set eth0 address 02:00:00:00:00:77");
        Assert.True(Arrives(_forger.Namespace, Forger.Address!, _host.Namespace, Forger.Gateway!));
        Assert.True(Arrives(_forger.Namespace, Forger.Ipv6Address!, _host.Namespace, Forger.Ipv6Gateway!));
        await Task.CompletedTask;
    }

    /// <summary>Addresses go with the port, and the table with the last one; who gets the address next may use it.</summary>
    [Fact]
    public async Task WhoLeavesGivesItsAddressesFree()
    {
        IPAddress address = Victim.Address!;
        await _service!.DisposeAsync();
        _service = await _host.StartAsync(); // what an earlier daemon bound is known
        Assert.Contains(address.ToString(), _host.RunProgram("nft", "list", "set", "bridge", "berth-berth0", "four"), StringComparison.Ordinal);
        await _service.Endpoints.ReleaseAsync("victim");
        await TestHost.UntilAsync(() => !_host.RunProgram("nft", "list", "table", "bridge", "berth-berth0").Contains($"{address}", StringComparison.Ordinal), "it is forgotten");
        await _host.AddContainersAsync("next");
        using Sandbox next = await _service.Endpoints.TakeAsync(
            "next", new SandboxRequest { Endpoints = [new EndpointRequest { Network = "apart", Address = address }] }, CancellationToken.None);
        await TestHost.UntilAsync(() => Tries(next.Namespace, $"busybox ping -c 1 -W 1 {next.Endpoints[0].Gateway}"), "the next one may use it");
        Assert.False(Arrives(_forger.Namespace, address, _host.Namespace, Forger.Gateway!));
        foreach (string container in (string[])["next", "server", "forger"])
        {
            await _service.Endpoints.ReleaseAsync(container);
        }

        await TestHost.UntilAsync(() => Tables() == 1, "the table goes with the last one");
    }

    [Fact]
    public async Task TheDefaultBridgeHasItToo()
    {
        using var host = new TestHost();
        await host.AddContainersAsync("a", "b");
        await using NetworkService service = await host.StartAsync(o => o with { InterContainer = false });
        var on = new SandboxRequest { Endpoints = [new EndpointRequest { Network = "bridge" }] };
        using Sandbox a = await service.Endpoints.TakeAsync("a", on, CancellationToken.None), b = await service.Endpoints.TakeAsync("b", on, CancellationToken.None);
        await TestHost.UntilAsync(() => Tries(a.Namespace, $"busybox ping -c 1 -W 1 {a.Endpoints[0].Gateway}"), "the port passes packets");
        In(a.Namespace, $"ip address add {b.Endpoints[0].Address}/32 dev eth0");
        Assert.True(Arrives(a.Namespace, a.Endpoints[0].Address!, host.Namespace, a.Endpoints[0].Gateway!));
        Assert.False(Arrives(a.Namespace, b.Endpoints[0].Address!, host.Namespace, a.Endpoints[0].Gateway!));
    }

    [Fact]
    public void TheKernelHoldsWhatWasWritten()
    {
        using var host = new TestHost();
        using NetlinkSocket socket = NetworkNamespace.Run(host.Namespace, () => NetlinkSocket.Open(Libc.NETLINK_NETFILTER));
        NfTable table = SpoofingTable.Of("berth-berth0", [new PortPlace("veth1", new MacAddress(0x0242_0a01_0002), [IPAddress.Parse("10.1.0.2"), IPAddress.Parse("fd00::2")])]);
        new NfTransaction().Replace(table).Commit(socket);
        Assert.True(FirewallInspection.IsWhole(socket, table));
        string listed = host.RunProgram("nft", "list", "ruleset");
        Assert.Contains("elements = { 02:42:0a:01:00:02 }", listed, StringComparison.Ordinal);
        Assert.Contains("elements = { \"veth1\" . 02:42:0a:01:00:02 }", listed, StringComparison.Ordinal);
        Assert.Contains("iifname != @ports accept", listed, StringComparison.Ordinal);
        Assert.Contains("ether saddr @hardware iifname . ether saddr != @hardware-at drop", listed, StringComparison.Ordinal);
        Assert.Contains("ip saddr @four iifname . ip saddr != @four-at drop", listed, StringComparison.Ordinal);
        Assert.Contains("arp saddr ip @four iifname . arp saddr ip != @four-at drop", listed, StringComparison.Ordinal);
        Assert.Contains("ip6 saddr @six iifname . ip6 saddr != @six-at drop", listed, StringComparison.Ordinal);
    }

    // Which succeed.
    private string Forgeries()
    {
        List<string> done = [];
        Add("link", LinkIsUsedBy(_forger.Namespace));
        Add("link6", LinkIsUsedBy(_forger.Namespace, ipv6: true));
        Add("arp", Redirects(Victim.Address!, () => In(_forger.Namespace, $"busybox arping -U -c 1 -w 1 -I eth0 -s {Victim.Address} {Victim.Address} > /dev/null; true")));
        Add("ipv6", Arrives(_forger.Namespace, Victim.Ipv6Address!, _host.Namespace, Victim.Ipv6Gateway!));
        Add("advertisement", Redirects(Victim.Ipv6Address!, Advertise));
        Add("hardware", TakesHardwareAddress());
        return string.Join(' ', done);

        void Add(string name, bool succeeded)
        {
            if (succeeded)
            {
                done.Add(name);
            }
        }
    }

    // As the victim, which is linked to the server.
    private bool LinkIsUsedBy(FileDescriptor space, bool ipv6 = false) => ipv6
        ? Arrives(space, Victim.Ipv6Address!, _server.Namespace, _server.Endpoints[0].Ipv6Address!)
        : Arrives(space, Victim.Address!, _server.Namespace, _server.Endpoints[0].Address!);

    private static bool Arrives(FileDescriptor from, IPAddress source, FileDescriptor to, IPAddress target)
    {
        Socket Open(FileDescriptor space, IPAddress at, int port) => NetworkNamespace.Run(space, () =>
        {
            var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(at, port));
            return socket;
        });
        using Socket receiver = Open(to, target, 80), sender = Open(from, source, 0);
        sender.SendTo(new byte[1], new IPEndPoint(target, 80));
        return receiver.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead);
    }

    // Whether the host would send to the forger what is for the victim.
    private bool Redirects(IPAddress address, Action forge)
    {
        _host.RunProgram("sh", "-c", $"ip neigh del {address} dev {_bridge} 2>/dev/null; busybox ping -c 1 -W 5 {address}");
        forge();
        In(_forger.Namespace, $"busybox ping -c 1 -W 1 -I {Forger.Address} {Forger.Gateway} > /dev/null"); // behind it
        bool redirected = _host.RunProgram("ip", "neigh", "show", address.ToString(), "dev", _bridge).Contains(Forger.MacAddress.ToString(), StringComparison.Ordinal);
        _host.RunProgram("ip", "neigh", "del", address.ToString(), "dev", _bridge);
        return redirected;
    }

    // RFC 4861, 4.4: flags solicited and override, the target, and its link-layer address as an option.
    private void Advertise() => NetworkNamespace.Run(_forger.Namespace, () =>
    {
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.IpTimeToLive, 255);
        socket.Bind(new IPEndPoint(Forger.Ipv6Address!, 0));
        byte[] message = [136, 0, 0, 0, 0x60, 0, 0, 0, .. Victim.Ipv6Address!.GetAddressBytes(), 2, 1, .. Forger.MacAddress.ToBytes()];
        return socket.SendTo(message, new IPEndPoint(Forger.Ipv6Gateway!, 0));
    });

    private bool TakesHardwareAddress()
    {
        In(_victim.Namespace, $"busybox ping -c 1 -W 1 {Victim.Gateway} > /dev/null; true"); // so that the bridge knows where it is; the answer may go astray
        In(_forger.Namespace, $"ip link set eth0 address {Victim.MacAddress}; busybox ping -c 1 -W 1 -I {Forger.Address} {Forger.Gateway} > /dev/null; ip link set eth0 address {Forger.MacAddress}");
        bool taken = _host.RunProgram("bridge", "fdb", "show", "br", _bridge).Split('\n')
            .Any(l => l.StartsWith($"{Victim.MacAddress} dev {Forger.HostInterface} ", StringComparison.Ordinal));
        return taken;
    }

    private int Tables() => _host.RunProgram("nft", "list", "tables").Split('\n').Count(l => l.Contains("berth-berth0", StringComparison.Ordinal));

    private static void In(FileDescriptor space, string command) => TestHost.RunProgramIn(space, "sh", "-c", command);

    private static bool Tries(FileDescriptor space, string command) => TestHost.RunProgramIn(space, "sh", "-c", $"{command} > /dev/null && echo yes || true").Contains("yes", StringComparison.Ordinal);
}
