using Berth.Api;
using Berth.Engine.Containers;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Engine.Tests.Spec;

public sealed class CreatePlanTests
{
    [Fact]
    public void DefaultsAreFilledIn()
    {
        CreatePlan plan = Samples.Plan();
        Assert.True(plan.HostConfig is { NetworkMode: "bridge", IpcMode: "private", CgroupnsMode: "private", ShmSize: 64 << 20, RestartPolicy.Name: "no", LogConfig.Type: "json-file" });
        Assert.Equal(Samples.Id[..12], plan.Config.Hostname);
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void TheHostsNameIsTheHostNetworks() => Assert.Equal("host", Samples.Plan(new HostConfig { NetworkMode = "host" }).Config.Hostname);

    [Fact]
    public void AHealthCheckOfTheImageIsNamedInAWarning()
    {
        var image = Samples.Image with { Healthcheck = new Healthcheck { Test = ["CMD", "true"] } };
        Assert.Contains("HEALTHCHECK", Assert.Single(Samples.Plan(image: image).Warnings), StringComparison.Ordinal);
        Assert.Empty(Samples.Plan(Samples.Request with { Healthcheck = new HealthConfig { Test = ["NONE"] } }, image).Warnings);
    }

    public static TheoryData<ContainerCreateRequest, string> Refusals() => new()
    {
        { Samples.Request with { Hostname = new string('h', 65) }, "is too long (maximum 64 bytes)" },
        { Samples.Request with { WorkingDir = "tmp" }, "the working directory 'tmp' is invalid, it needs to be an absolute path" },
        { Samples.Request with { StopSignal = "SIGNOPE" }, "invalid signal: SIGNOPE" },
        { Samples.Request with { Env = ["=x"] }, "invalid environment variable: =x" },
        { Host(new HostConfig { IpcMode = "x" }), "invalid IPC mode: x" },
        { Host(new HostConfig { PidMode = "container:" }), "invalid PID mode: container:" },
        { Host(new HostConfig { UTSMode = "x" }), "invalid UTS mode: x" },
        { Host(new HostConfig { CgroupnsMode = "x" }), "invalid cgroup namespace mode: x" },
        { Host(new HostConfig { CapAdd = ["NOPE"] }), "invalid CapAdd: unknown capability: \"CAP_NOPE\"" },
        { Host(new HostConfig { Ulimits = [new HostConfigUlimit { Name = "nope" }] }), "invalid ulimit type: nope" },
        { Host(new HostConfig { SecurityOpt = ["nope=1"] }), "invalid --security-opt 2: \"nope=1\"" },
        { Host(new HostConfig { DeviceCgroupRules = ["x"] }), "invalid device cgroup rule format: 'x'" },
        { Host(new HostConfig { ExtraHosts = ["x"] }), "bad format for add-host: \"x\"" },
        { Host(new HostConfig { Tmpfs = new Dictionary<string, string> { ["/x"] = "nope" } }), "invalid tmpfs option [\"nope\"]" },
        { Host(new HostConfig { LogConfig = new HostConfigLogConfig { Type = "syslog" } }), "log driver \"syslog\" is not supported yet" },
        { Host(new HostConfig { NetworkMode = "host", Sysctls = new Dictionary<string, string> { ["net.x"] = "1" } }), "sysctl \"net.x\" not allowed in host network namespace" },
        { Host(new HostConfig { DeviceRequests = [new DeviceRequest()] }), "not supported yet: DeviceRequests (--gpus)" },
        { Host(new HostConfig { NetworkMode = "container:x" }) with { Hostname = "web" }, "conflicting options: hostname and the network mode" },
        { Host(new HostConfig { NetworkMode = "container:x", Dns = ["1.1.1.1"] }), "conflicting options: dns and the network mode" },
        { Host(new HostConfig { NetworkMode = "container:x", DnsSearch = ["example.com"] }), "conflicting options: dns and the network mode (dns-search)" },
        { Host(new HostConfig { NetworkMode = "container:x", DnsOptions = ["ndots:1"] }), "conflicting options: dns and the network mode (dns-option)" },
        { Host(new HostConfig { NetworkMode = "container:x" }) with { MacAddress = "02:42:00:00:00:01" }, "conflicting options: mac-address and the network mode" },
        { Host(new HostConfig { NetworkMode = "host" }) with { MacAddress = "02:42:00:00:00:01" }, "conflicting options: mac-address and the network mode" },
        { Host(new HostConfig { NetworkMode = "none" }) with { MacAddress = "02:42:00:00:00:01" }, "conflicting options: mac-address and the network mode" },
        { Host(new HostConfig { NetworkMode = "host" }) with { NetworkingConfig = Mac("host") }, "conflicting options: mac-address and the network mode" },
        { Host(new HostConfig { NetworkMode = "container:x" }) with { NetworkingConfig = Mac("container:x") }, "conflicting options: mac-address and the network mode" },
        { Host(new HostConfig { NetworkMode = "container:x", ExtraHosts = ["a:1.1.1.1"] }), "conflicting options: custom host-to-IP mapping and the network mode" },
        { Host(new HostConfig { DnsSearch = ["a\nnameserver 6.6.6.6"] }), "bad value for --dns-search" },
        { Samples.Request with { Hostname = "a\n9.9.9.9 b" }, "invalid hostname" },
        { Host(new HostConfig { Runtime = "kata" }), "not supported yet: Runtime kata (--runtime)" },
        { Samples.Request with { Healthcheck = new HealthConfig { Test = ["CMD", "x"] } }, "not supported yet: Healthcheck (--health-cmd)" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WhatCannotBeIsRefused(ContainerCreateRequest request, string message) =>
        Assert.Contains(message, Assert.Throws<EngineException>(() => Samples.Plan(request)).Message, StringComparison.Ordinal);

    private static NetworkingConfig Mac(string network) => new() { EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() { MacAddress = "02:42:00:00:00:01" } } };

    private static ContainerCreateRequest Host(HostConfig host) => Samples.Request with { HostConfig = host };
}
