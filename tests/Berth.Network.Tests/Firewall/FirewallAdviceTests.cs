using System.Net;
using System.Net.Sockets;

namespace Berth.Network.Tests.Firewall;

/// <summary>What is said about a port that the host's own firewall denies, by firewalls as people have them.</summary>
public sealed class FirewallAdviceTests : IDisposable
{
    private const string Open = "table inet f { chain in { type filter hook input priority 0 ; policy accept ; RULE ; } ; }";
    private const string Plain = "table inet f { chain in { type filter hook input priority 0 ; policy drop ; ct state established,related accept ; iif lo accept ; ip saddr 10.0.0.0/8 accept ; RULE ; } ; }";
    private const string LastRejects = "table inet f { chain in { type filter hook input priority 0 ; policy accept ; ct state established,related accept ; RULE ; reject ; } ; }";

    // firewalld's shape: zones by interface, services in a chain of their own.
    private const string Zones = """
        table inet firewalld {
          chain filter_INPUT { type filter hook input priority 10 ; policy accept ; ct state { established, related } accept ; ct status dnat accept ; iifname "lo" accept ; ct state invalid drop ; jump filter_INPUT_ZONES ; reject with icmpx admin-prohibited ; }
          chain filter_INPUT_ZONES { iifname "eth0" goto filter_IN_public ; goto filter_IN_public ; }
          chain filter_IN_public { jump filter_IN_public_allow ; meta l4proto { icmp, ipv6-icmp } accept ; reject with icmpx admin-prohibited ; }
          chain filter_IN_public_allow { RULE ; }
        }
        """;

    // With containers' bridges in the zone that lets all in.
    private const string TrustedBridges = """
        table inet firewalld {
          chain filter_INPUT { type filter hook input priority 10 ; policy accept ; ct state { established, related } accept ; iifname "lo" accept ; jump filter_INPUT_ZONES ; reject with icmpx admin-prohibited ; }
          chain filter_INPUT_ZONES { iifname "berth0" goto filter_IN_trusted ; iifname "docker0" goto filter_IN_trusted ; goto filter_IN_public ; }
          chain filter_IN_trusted { accept ; }
          chain filter_IN_public { RULE ; reject with icmpx admin-prohibited ; }
        }
        """;

    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(Open, "", null)]
    [InlineData(Plain, "tcp dport 22 accept", "denies")]
    [InlineData(Plain, "tcp dport 8080 accept", null)]
    [InlineData(Plain, "tcp dport 8000-9000 accept", null)]
    [InlineData(Plain, "tcp dport { 22, 8080 } accept", null)]
    [InlineData(Plain, "tcp dport { 22, 80 } accept", "may deny")]
    [InlineData(Plain, "udp dport 8080 accept", "denies")]
    [InlineData(Plain, "tcp dport != 22 accept", "may deny")]
    [InlineData(Plain, "ip saddr 192.0.2.1 tcp dport 8080 accept", "may deny")]
    [InlineData(Plain, "tcp dport vmap { 8080 : accept }", "may deny")]
    [InlineData(LastRejects, "ip saddr 192.0.2.1 return", "may deny")]
    [InlineData(Plain, "fib daddr type local tcp dport 8080 accept", null)]
    [InlineData(Plain, "fib daddr type broadcast tcp dport 8080 accept", "denies")]
    [InlineData(Plain, "meta l4proto tcp accept", null)]
    [InlineData(Plain, "tcp dport 8080 ct state new counter accept", null)]
    [InlineData(LastRejects, "tcp dport 22 accept", "denies")]
    [InlineData(LastRejects, "tcp dport 8080 accept", null)]
    [InlineData(Open, "tcp dport 8080 drop", "denies")]
    [InlineData(Open, "tcp dport 22 drop", null)]
    [InlineData(Zones, "tcp dport 22 accept", "may deny")] // on some interface another zone could stand
    [InlineData(Zones, "tcp dport 8080 accept", null)]
    [InlineData(TrustedBridges, "tcp dport 22 accept", "denies")]
    [InlineData(TrustedBridges, "tcp dport 8080 accept", null)]
    public Task NftablesIsRead(string ruleset, string rule, string? expected) => Check(() => _host.RunProgram("nft", ruleset.Replace("RULE ;", rule.Length > 0 ? $"{rule} ;" : "", StringComparison.Ordinal)), expected);

    [Theory]
    [InlineData("22", "denies")]
    [InlineData("8080", null)]
    public Task IptablesIsReadAsUfwWritesIt(string port, string? expected) => Check(
        () => _host.RunProgram(
            "sh", "-ec",
            "iptables-nft -P INPUT DROP; iptables-nft -N ufw-before-input; iptables-nft -N ufw-user-input; iptables-nft -A INPUT -j ufw-before-input; iptables-nft -A ufw-before-input -i lo -j ACCEPT;"
            + "iptables-nft -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables-nft -A ufw-before-input -m conntrack --ctstate INVALID -j DROP;"
            + "iptables-nft -A ufw-before-input -p icmp --icmp-type echo-request -j ACCEPT; iptables-nft -N ufw-not-local; iptables-nft -A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN;"
            + "iptables-nft -A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN; iptables-nft -A ufw-not-local -j DROP;"
            + "iptables-nft -A ufw-before-input -j ufw-not-local; iptables-nft -A ufw-before-input -j ufw-user-input;"
            + "iptables-nft -N ufw-skip-to-policy-input; iptables-nft -A ufw-skip-to-policy-input -j DROP; iptables-nft -A INPUT -m addrtype --dst-type BROADCAST -j ufw-skip-to-policy-input;"
            + $"iptables-nft -A ufw-user-input -p tcp --dport {port} -j ACCEPT"),
        expected);

    [Fact]
    public async Task AnIpv4FirewallSaysNothingAboutIpv6()
    {
        await using NetworkService service = await _host.StartAsync();
        _host.RunProgram("nft", "table ip f { chain in { type filter hook input priority 0 ; policy drop ; } ; }");
        Assert.Null(await service.WarningForAsync(new PublishedPort(ProtocolType.Tcp, 80, IPAddress.IPv6Any, 8080)));
        Assert.NotNull(await service.WarningForAsync(new PublishedPort(ProtocolType.Tcp, 80, IPAddress.Any, 8080)));
    }

    private async Task Check(Action write, string? expected)
    {
        await using NetworkService service = await _host.StartAsync();
        write();
        string? warning = await service.WarningForAsync(new PublishedPort(ProtocolType.Tcp, 80, IPAddress.Any, 8080));
        if (expected is null)
        {
            Assert.Null(warning);
        }
        else
        {
            Assert.StartsWith($"the host's firewall {expected} tcp port 8080", warning, StringComparison.Ordinal);
        }
    }
}
