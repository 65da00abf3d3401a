using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>What a namespace loses is heard of, and nothing else: its filter runs in the kernel.</summary>
public sealed class NetworkLossesTests : IDisposable
{
    private readonly TestSpace _space = new();
    private readonly NetworkLosses _losses;
    private readonly int _bridge;

    public NetworkLossesTests()
    {
        _space.Execute(new NetlinkBatch().AddBridge("br0", [2, 0x42, 1, 2, 3, 4], 1500));
        _bridge = _space.Index("br0");
        _space.Program("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv6.conf.br0.accept_dad=0");
        foreach (string address in (string[])["10.1.0.1/24", "fd00:1::1/64"])
        {
            _space.Program("ip", "address", "add", address, "dev", "br0");
        }

        _space.Program("ip", "rule", "add", "fwmark", "7", "table", "1234567");
        _space.Program("ip", "-6", "rule", "add", "fwmark", "7", "table", "1234567");
        _losses = _space.Run(NetworkLosses.Listen);
    }

    public void Dispose()
    {
        _losses.Dispose();
        _space.Dispose();
    }

    [Theory]
    [InlineData("ip address del 10.1.0.1/24 dev br0", NetworkLossKind.Address, true, 0)]
    [InlineData("ip -6 address flush dev br0 scope global", NetworkLossKind.Address, true, 0)]
    [InlineData("ip link set br0 down", NetworkLossKind.Link, true, 0)]
    [InlineData("ip route del 10.1.0.0/24", NetworkLossKind.Route, true, 254)]
    [InlineData("ip -6 route del fd00:1::/64", NetworkLossKind.Route, true, 254)]
    [InlineData("ip rule del fwmark 7", NetworkLossKind.Rule, false, 1234567)]
    [InlineData("ip -6 rule del fwmark 7", NetworkLossKind.Rule, false, 1234567)]
    [InlineData("sysctl -q -w net.ipv4.ip_forward=0", NetworkLossKind.Forwarding, false, 0)]
    [InlineData("sysctl -q -w net.ipv4.conf.br0.forwarding=0", NetworkLossKind.Forwarding, true, 0)]
    [InlineData("sysctl -q -w net.ipv6.conf.all.forwarding=0", NetworkLossKind.Forwarding, false, 0)]
    public void LossesAreHeardOf(string command, NetworkLossKind kind, bool ofTheBridge, int table)
    {
        Assert.Empty(Read());
        _space.Program(command.Split(' '));
        Assert.Contains(new NetworkLoss(kind, ofTheBridge ? _bridge : 0, table), Read());
    }

    [Fact]
    public void WhatComesIsNot()
    {
        using var peer = new TestSpace();
        _space.Execute(new NetlinkBatch().AddVethPair(new VethPair { Name = "veth1", Master = _bridge, PeerName = "eth0", PeerAddress = [2, 0, 0, 0, 0, 9], PeerNamespace = peer.Namespace }));
        _space.Program("ip", "link", "add", "d0", "type", "bridge");
        _space.Program("ip", "link", "set", "d0", "up");
        _space.Program("ip", "address", "add", "10.2.0.1/24", "dev", "d0");
        _space.Program("ip", "rule", "add", "fwmark", "8", "table", "8");
        _space.Program("ip", "route", "add", "10.3.0.0/24", "dev", "d0", "proto", "bird");
        _space.Program("ip", "route", "del", "10.3.0.0/24");
        _space.Program("ip", "link", "set", "veth1", "nomaster");
        _space.Program("sysctl", "-q", "-w", "net.ipv4.conf.br0.forwarding=1", "net.ipv4.conf.br0.rp_filter=2");
        Assert.Empty(Read());
    }

    private List<NetworkLoss> Read()
    {
        var losses = new List<NetworkLoss>();
        Assert.True(_losses.Read(losses));
        return losses;
    }
}
