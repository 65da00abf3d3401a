namespace Berth.Cli.Tests.Commands;

/// <summary>port add and rm, and port itself beside them.</summary>
public sealed class PortChangeTests
{
    private const string Web = """
        {"Id":"w","NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}],"443/tcp":[{"HostIp":"0.0.0.0","HostPort":"8443"}],"53/udp":null}}}
        """;

    [Theory]
    [InlineData("port add web 8080:80", """{"PortBindingsAdd":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}""", "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n")]
    [InlineData("container port add web 127.0.0.1:8443:443 [::1]:8443:443 80", """{"PortBindingsAdd":{"443/tcp":[{"HostIp":"127.0.0.1","HostPort":"8443"},{"HostIp":"::1","HostPort":"8443"}],"80/tcp":[{"HostIp":"","HostPort":""}]}}""", "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n443/tcp -> 0.0.0.0:8443\n")]
    [InlineData("port add web 9000-9001:90-91/udp 7000-7009:70", """{"PortBindingsAdd":{"90/udp":[{"HostIp":"","HostPort":"9000"}],"91/udp":[{"HostIp":"","HostPort":"9001"}],"70/tcp":[{"HostIp":"","HostPort":"7000-7009"}]}}""", "")]
    public void AddTellsWhereTheyAre(string line, string body, string output)
    {
        using FakeDaemon daemon = Daemon();
        Assert.Equal(new ClientResult(0, output, ""), Client.Run(daemon, line.Split(' ')));
        Assert.Equal(["POST /containers/web/update", "GET /containers/web/json"], daemon.Requests.Select(r => r.Line));
        Assert.Equal(body, daemon.Requests.First().Text);
    }

    [Theory]
    [InlineData("port rm web 8080:80", """{"PortBindingsRemove":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}""")]
    [InlineData("port rm web 80/tcp", """{"PortBindingsRemove":{"80/tcp":[]}}""")]
    [InlineData("port remove web 80 53/udp", """{"PortBindingsRemove":{"80/tcp":[],"53/udp":[]}}""")]
    [InlineData("port rm web 8080:80 80 8081:80", """{"PortBindingsRemove":{"80/tcp":[]}}""")]
    [InlineData("port rm web 80-81", """{"PortBindingsRemove":{"80/tcp":[],"81/tcp":[]}}""")]
    [InlineData("container port rm web 127.0.0.1::80", """{"PortBindingsRemove":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]}}""")]
    public void RemoveIsSilent(string line, string body)
    {
        using FakeDaemon daemon = Daemon();
        Assert.Equal(new ClientResult(0, "", ""), Client.Run(daemon, line.Split(' ')));
        Assert.Equal(("POST /containers/web/update", body), (Assert.Single(daemon.Requests).Line, daemon.Requests.First().Text));
    }

    [Fact]
    public void WarningsComeAside()
    {
        using FakeDaemon daemon = Daemon().On("POST /containers/web/update", """{"Warnings":["ufw denies 8080/tcp"]}""");
        Assert.Equal(new ClientResult(0, "", "WARNING: ufw denies 8080/tcp\n"), Client.Run(daemon, "port", "rm", "web", "8080:80"));
    }

    [Theory]
    [InlineData("port add web x", "invalid containerPort: x\n")]
    [InlineData("port add web 80 80/x", "invalid proto: x\n")]
    [InlineData("port rm web 1-3:80-81", "invalid ranges specified for container and host Ports: 80-81 and 1-3\n")]
    public void MalformedPortsAreRefused(string line, string error) => Assert.Equal(new ClientResult(1, "", error), Client.Run(null, line.Split(' ')));

    [Fact]
    public void WhatTheDaemonRefusesIsShown()
    {
        using FakeDaemon daemon = Daemon().On("POST /containers/web/update", """{"message":"cannot publish 8080/tcp for web: db has it"}""", 409);
        Assert.Equal(new ClientResult(1, "", "Error response from daemon: cannot publish 8080/tcp for web: db has it\n"), Client.Run(daemon, "port", "add", "web", "8080:80"));
        Assert.Single(daemon.Requests);
    }

    /// <summary>Docker's form has one or two words, so it stays whole for containers of these names too.</summary>
    [Theory]
    [InlineData("port add", "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n443/tcp -> 0.0.0.0:8443\n")]
    [InlineData("port rm 443", "0.0.0.0:8443\n")]
    [InlineData("container port add 443/tcp", "0.0.0.0:8443\n")]
    public void ContainersMayBeCalledSo(string line, string output)
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/add/json", Web).On("GET /containers/rm/json", Web);
        Assert.Equal(new ClientResult(0, output, ""), Client.Run(daemon, line.Split(' ')));
    }

    [Fact]
    public void OtherwiseTheyAreTakenForAHalfCommand()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /", """{"message":"No such container: add"}""", 404);
        Assert.Equal(new ClientResult(1, "", "Error response from daemon: No such container: add; to change ports: berth port add CONTAINER [HOSTADDR:][HOSTPORT:]PORT[/PROTO]...\n"), Client.Run(daemon, "port", "add", "web"));
    }

    [Theory]
    [InlineData("port web 80 81", "\"berth port\" requires at least 1 and at most 2 arguments.\nSee 'berth port --help'.\n\nUsage:  berth port CONTAINER [PRIVATE_PORT[/PROTO]]\n\tberth port add|rm CONTAINER PORT...\n\nShow where a container's ports are published, or change that\n", 1)]
    [InlineData("port", "\"berth port\" requires at least 1 and at most 2 arguments.\nSee 'berth port --help'.\n\nUsage:  berth port CONTAINER [PRIVATE_PORT[/PROTO]]\n\tberth port add|rm CONTAINER PORT...\n\nShow where a container's ports are published, or change that\n", 1)]
    [InlineData("port --foo web", "unknown flag: --foo\nSee 'berth port --help'.\n", 125)]
    [InlineData("port add --foo web 80", "unknown flag: --foo\nSee 'berth port add --help'.\n", 125)]
    public void TellsHowItIsCalled(string line, string error, int code) => Assert.Equal(new ClientResult(code, "", error), Client.Run(null, line.Split(' ')));

    [Theory]
    [InlineData("--publish-policy host -l a=b", "\"Labels\":{\"a\":\"b\",\"berth.publish-policy\":\"host\"}")]
    [InlineData("--publish-policy=open", "\"Labels\":{\"berth.publish-policy\":\"open\"}")]
    [InlineData("--publish-policy open -l berth.publish-policy=open", "\"Labels\":{\"berth.publish-policy\":\"open\"}")]
    public void ThePolicyIsALabel(string flags, string labels)
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/create", """{"Id":"x","Warnings":[]}""", 201);
        Assert.Equal(0, Client.Run(daemon, ["create", .. flags.Split(' '), "busybox"]).Code);
        Assert.Contains(labels, Assert.Single(daemon.Requests).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run --publish-policy both busybox", "invalid argument \"both\" for \"--publish-policy\" flag: must be \"open\" or \"host\"\nSee 'berth run --help'.\n")]
    [InlineData("create --publish-policy host -l berth.publish-policy=open busybox", "berth: conflicting options: cannot specify both --publish-policy host and the label berth.publish-policy=open.\nSee 'berth create --help'.\n")]
    public void MalformedPoliciesAreRefused(string line, string error) => Assert.Equal(new ClientResult(125, "", error), Client.Run(null, line.Split(' ')));

    private static FakeDaemon Daemon() => new FakeDaemon().On("POST /containers/web/update", """{"Warnings":[]}""").On("GET /containers/web/json", Web);
}
