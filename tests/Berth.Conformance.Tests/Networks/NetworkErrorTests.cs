using System.Text.Json.Nodes;
using Berth.Testing.Daemons;

namespace Berth.Conformance.Tests.Networks;

/// <summary>What cannot be had is refused with Docker's status code, in its words where it has some, and leaves no row, link, rule or address.</summary>
public sealed class NetworkErrorTests(NetworkErrorTests.Host host) : IClassFixture<NetworkErrorTests.Host>
{
    /// <summary>A daemon with two networks, a configuration and a container on one of them.</summary>
    public sealed class Host : IAsyncLifetime
    {
        public TestDaemon Daemon { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Daemon = await TestDaemon.StartAsync();
            await Daemon.TextAsync("network", "create", "--subnet", "10.50.0.0/24", "-o", "com.docker.network.bridge.name=taken0", "taken");
            await Daemon.TextAsync("network", "create", "--subnet", "10.50.1.0/30", "tiny");
            await Daemon.TextAsync("network", "create", "--config-only", "--subnet", "10.50.2.0/24", "settings");
            await Daemon.TextAsync("run", "-d", "--name", "only", "--network", "tiny", "busybox", "sleep", "1000");
            await Daemon.TextAsync("run", "-d", "--name", "second", "--network", "taken", "--ip", "10.50.0.9", "busybox", "sleep", "1000");
            await Daemon.TextAsync("run", "-d", "--name", "hosted", "--network", "host", "busybox", "sleep", "1000");
            await Daemon.TextAsync("run", "-d", "--name", "alone", "--network", "none", "busybox", "sleep", "1000");
            await Daemon.TextAsync("run", "-d", "--name", "sharing", "--network", "container:only", "busybox", "sleep", "1000");
        }

        public ValueTask DisposeAsync() => Daemon.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"Name":"taken"}""", 409, "network with name taken already exists")]
    [InlineData("""{"Name":""}""", 400, "")]
    [InlineData("""{"Name":"a\nb"}""", 400, "")]
    [InlineData("""{"Name":"host"}""", 403, "operation is not permitted on predefined host network")]
    [InlineData("""{"Name":"x","Driver":"host"}""", 403, "only one instance of \"host\" network is allowed")]
    [InlineData("""{"Name":"x","Driver":"null"}""", 403, "only one instance of \"null\" network is allowed")]
    [InlineData("""{"Name":"x","Driver":"nope"}""", 404, "plugin \"nope\" not found")]
    [InlineData("""{"Name":"x","IPAM":{"Driver":"nope"}}""", 404, "IPAM driver nope not found")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.50.0.128/25"}]}}""", 403, "invalid pool request: Pool overlaps with other one on this address space")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.0.0.0/8"}]}}""", 403, "invalid pool request: Pool overlaps with other one on this address space")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"nonsense"}]}}""", 400, "invalid subnet \"nonsense\"")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.5/24"}]}}""", 400, "invalid subnet \"10.51.0.5/24\": it should be 10.51.0.0/24")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/33"}]}}""", 400, "invalid subnet")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/31"}]}}""", 400, "invalid subnet")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24"},{"Subnet":"10.52.0.0/24"}]}}""", 400, "bridge driver doesn't support multiple subnets")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","Gateway":"10.52.0.1"}]}}""", 400, "invalid gateway \"10.52.0.1\"")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","Gateway":"10.51.0.0"}]}}""", 400, "failed to allocate gateway (10.51.0.0): Address already in use")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","Gateway":"10.51.0.255"}]}}""", 400, "failed to allocate gateway (10.51.0.255): Address already in use")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","IPRange":"10.52.0.0/24"}]}}""", 400, "invalid ip-range 10.52.0.0/24")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","AuxiliaryAddresses":{"a":"10.52.0.9"}}]}}""", 400, "invalid auxiliary address a \"10.52.0.9\"")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"10.51.0.0/24","AuxiliaryAddresses":{"a":"10.51.0.1"}}]}}""", 400, "failed to allocate secondary ip address (a:10.51.0.1): Address already in use")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Gateway":"10.51.0.1"}]}}""", 400, "")]
    [InlineData("""{"Name":"x","IPAM":{"Config":[{"Subnet":"fd00:51::/64"}]}}""", 400, "the subnet fd00:51::/64 is IPv6, which is not enabled")]
    [InlineData("""{"Name":"x","EnableIPv4":false}""", 400, "network x would have neither IPv4 nor IPv6")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.driver.mtu":"x"}}""", 400, "invalid value \"x\" of com.docker.network.driver.mtu")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.driver.mtu":"-1"}}""", 400, "invalid value \"-1\" of com.docker.network.driver.mtu")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.enable_icc":"x"}}""", 400, "invalid value \"x\" of com.docker.network.bridge.enable_icc")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.host_binding_ipv4":"x"}}""", 400, "invalid value \"x\" of com.docker.network.bridge.host_binding_ipv4")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.name":"longer-than-15-bytes"}}""", 400, "invalid value")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.name":"a/../b"}}""", 400, "invalid value")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.name":"lo"}}""", 409, "the network interface lo exists and is no bridge")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.name":"taken0"}}""", 409, "conflicts with network")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.bridge.name":"berth0"}}""", 409, "conflicts with network")]
    [InlineData("""{"Name":"x","Options":{"com.docker.network.nonsense":"1"}}""", 501, "the network option com.docker.network.nonsense=1 is not supported yet")]
    [InlineData("""{"Name":"x","Scope":"swarm"}""", 501, "")]
    [InlineData("""{"Name":"x","Ingress":true}""", 501, "")]
    [InlineData("""{"Name":"x","ConfigOnly":true,"Internal":true}""", 403, "configuration network can only contain network specific fields")]
    [InlineData("""{"Name":"x","ConfigFrom":{"Network":"nope"}}""", 404, "configuration network \"nope\" does not exist")]
    [InlineData("""{"Name":"x","ConfigFrom":{"Network":"taken"}}""", 404, "configuration network \"taken\" does not exist")]
    [InlineData("""{"Name":"x","ConfigFrom":{"Network":"settings"},"Options":{"a":"b"}}""", 403, "user specified configurations are not supported if the network depends on a configuration network")]
    public Task CreateIsRefused(string body, int status, string message) => RefusedAsync(HttpMethod.Post, "/networks/create", body, status, message);

    [Theory]
    [InlineData("/networks/nope/connect", """{"Container":"only"}""", 404, "network nope not found")]
    [InlineData("/networks/taken/connect", """{"Container":"nope"}""", 404, "No such container: nope")]
    [InlineData("/networks/tiny/connect", """{"Container":"only"}""", 403, "endpoint with name only already exists in network tiny")]
    [InlineData("/networks/tiny/connect", """{"Container":"second"}""", 503, "no available IPv4 addresses on this network's address pools: tiny (10.50.1.0/30)")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.50.0.9"}}}""", 409, "Address already in use")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.50.0.1"}}}""", 409, "Address already in use")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.50.0.255"}}}""", 409, "Address already in use")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"10.51.0.9"}}}""", 400, "Invalid address 10.51.0.9: It does not belong to any of this network's subnets")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"x"}}}""", 400, "invalid IPv4 address: x")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv6Address":"fd00::9"}}}""", 400, "Invalid address fd00::9")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"LinkLocalIPs":["10.4.4.4"]}}}""", 400, "invalid link local IP address: 10.4.4.4")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"MacAddress":"01:42:00:00:00:01"}}""", 400, "invalid MAC address: 01:42:00:00:00:01")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"MacAddress":"00:00:00:00:00:00"}}""", 400, "invalid MAC address: 00:00:00:00:00:00")]
    [InlineData("/networks/taken/connect", """{"Container":"only","EndpointConfig":{"DriverOpts":{"foo":"bar"}}}""", 501, "the endpoint option foo is not supported yet")]
    [InlineData("/networks/bridge/connect", """{"Container":"only","EndpointConfig":{"IPAMConfig":{"IPv4Address":"172.30.0.99"}}}""", 400, "user specified IP address is supported on user defined networks only")]
    [InlineData("/networks/bridge/connect", """{"Container":"only","EndpointConfig":{"Aliases":["a"]}}""", 400, "network-scoped alias is supported only for containers in user defined networks")]
    [InlineData("/networks/host/connect", """{"Container":"only"}""", 400, "cannot connect container to host network - container must be created in host network mode")]
    [InlineData("/networks/none/connect", """{"Container":"only"}""", 400, "container cannot be connected to multiple networks with one of the networks in private (none) mode")]
    [InlineData("/networks/taken/connect", """{"Container":"alone"}""", 400, "container cannot be connected to multiple networks with one of the networks in private (none) mode")]
    [InlineData("/networks/taken/connect", """{"Container":"hosted"}""", 400, "container sharing network namespace with another container or host cannot be connected to any other network")]
    [InlineData("/networks/taken/connect", """{"Container":"sharing"}""", 400, "container sharing network namespace with another container or host cannot be connected to any other network")]
    [InlineData("/networks/settings/connect", """{"Container":"only"}""", 403, "cannot create endpoint on configuration-only network")]
    [InlineData("/networks/nope/disconnect", """{"Container":"only"}""", 404, "network nope not found")]
    [InlineData("/networks/taken/disconnect", """{"Container":"nope"}""", 404, "No such container: nope")]
    [InlineData("/networks/taken/disconnect", """{"Container":"only"}""", 409, "")]
    [InlineData("/networks/host/disconnect", """{"Container":"hosted"}""", 409, "cannot disconnect container from host network - container was created in host network mode")]
    public Task AMoveIsRefused(string path, string body, int status, string message) => RefusedAsync(HttpMethod.Post, path, body, status, message);

    [Theory]
    [InlineData("host", "\"MacAddress\":\"02:42:00:00:00:01\"", "", "mac-address and the network mode")]
    [InlineData("none", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"none\":{\"MacAddress\":\"02:42:00:00:00:01\"}}}", "", "mac-address and the network mode")]
    [InlineData("container:only", "\"MacAddress\":\"02:42:00:00:00:01\"", "", "mac-address and the network mode")]
    [InlineData("container:only", "\"Domainname\":\"\"", "\"DnsSearch\":[\"a.example\"],", "dns and the network mode (dns-search)")]
    [InlineData("container:only", "\"Domainname\":\"\"", "\"DnsOptions\":[\"ndots:1\"],", "dns and the network mode (dns-option)")]
    public Task WhatHasNoNetworkOfItsOwnHasNoSayAboutIt(string mode, string setting, string hostSetting, string conflict) => RefusedAsync(
        HttpMethod.Post, "/containers/create", $"{{\"Image\":\"busybox\",{setting},\"HostConfig\":{{{hostSetting}\"NetworkMode\":\"{mode}\"}}}}", 400, $"conflicting options: {conflict}");

    [Theory]
    [InlineData("nope", 404, "network nope not found")]
    [InlineData("bridge", 403, "bridge is a pre-defined network and cannot be removed")]
    [InlineData("host", 403, "host is a pre-defined network and cannot be removed")]
    [InlineData("none", 403, "none is a pre-defined network and cannot be removed")]
    [InlineData("tiny", 403, "error while removing network: network tiny has active endpoints (name:\"only\"")]
    public Task RemoveIsRefused(string network, int status, string message) => RefusedAsync(HttpMethod.Delete, $"/networks/{network}", null, status, message);

    [Theory]
    [InlineData("/networks?filters={\"nope\":[\"1\"]}", "invalid filter 'nope'")]
    [InlineData("/networks?filters={\"type\":[\"x\"]}", "invalid filter: 'type'='x'")]
    [InlineData("/networks?filters={\"dangling\":[\"x\"]}", "invalid filter 'dangling=x'")]
    [InlineData("/networks?filters={\"name\":[\"(\"]}", "invalid filter 'name=('")]
    public Task AFilterIsRefused(string path, string message) => RefusedAsync(HttpMethod.Get, path, null, 400, message);

    [Fact]
    public async Task AConfigurationInUseStays()
    {
        await host.Daemon.TextAsync("network", "create", "--config-from", "settings", "configured");
        await RefusedAsync(HttpMethod.Delete, "/networks/settings", null, 403, "error while removing network: configuration network \"settings\" is in use by network configured");
        await host.Daemon.TextAsync("network", "rm", "configured");
    }

    [Fact]
    public async Task AStartThatCannotHaveItsAddressLeavesNothing()
    {
        string before = await StateAsync();
        await host.Daemon.TextAsync("create", "--name", "late", "--network", "taken", "--ip", "10.50.0.9", "busybox", "true");
        await host.Daemon.TextAsync("network", "connect", "bridge", "late");
        (int status, string message) = await host.Daemon.Api.ErrorAsync(HttpMethod.Post, "/containers/late/start");
        Assert.Equal((409, true), (status, message.StartsWith("Address already in use", StringComparison.Ordinal)));
        await host.Daemon.TextAsync("rm", "late");
        Assert.Equal(before, await StateAsync());
    }

    private async Task RefusedAsync(HttpMethod method, string path, string? body, int status, string message)
    {
        string before = await StateAsync();
        (int code, string text) = await host.Daemon.Api.ErrorAsync(method, "/v1.44" + path, body);
        Assert.Equal($"{status} {message}", $"{code} {(text.StartsWith(message, StringComparison.Ordinal) ? message : text)}");
        Assert.NotEqual("", text);
        Assert.Equal(before, await StateAsync());
    }

    // Sandboxes made ahead come and go: their links are left out.
    private async Task<string> StateAsync()
    {
        JsonNode networks = await host.Daemon.Api.JsonAsync("/networks");
        var members = new List<string>();
        foreach (string name in (string[])["taken", "tiny", "settings", "bridge"])
        {
            members.Add((await host.Daemon.Api.JsonAsync($"/networks/{name}"))["Containers"]!.ToJsonString());
        }

        string links = (await host.Daemon.Host.RunAsync("ip", "-o", "-br", "link", "show")).Text;
        return string.Join('\n', [
            networks.ToJsonString(), .. members, .. links.Split('\n').Where(static l => !l.StartsWith("veth", StringComparison.Ordinal)),
            (await host.Daemon.Host.RunAsync("nft", "list", "ruleset")).Text,
            (await host.Daemon.Host.RunAsync("ip", "-o", "link", "show", "master", "taken0")).Text,
            await host.Daemon.TextAsync("exec", "only", "ip", "-o", "addr"),
        ]);
    }
}
