
namespace Berth.Conformance.Tests.Host;

public sealed class SystemTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task VersionIsNegotiated(string client)
    {
        string expected = client == "28" ? "1.50 1.52" : "1.41 1.52";
        Assert.Equal(expected, await fixture.TextAsync(client, "version", "-f", "{{.Client.APIVersion}} {{.Server.APIVersion}}"));
        Assert.Contains("Engine", await fixture.TextAsync(client, "version"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task InfoIsTrue(string client)
    {
        string name = await fixture.SleeperAsync(client);
        string text = await fixture.TextAsync(client, "info", "-f", "{{.ContainersRunning}} {{.Images}} {{.NCPU}} {{.OSType}} {{.DockerRootDir}}");
        string[] fields = text.Split(' ');
        Assert.True(int.Parse(fields[0], global::System.Globalization.CultureInfo.InvariantCulture) >= 1);
        Assert.Equal(("1", "linux", fixture.Daemon.DataRoot), (fields[1], fields[3], fields[4]));
        Assert.Equal(0, (await fixture.RunAsync(client, "info")).ExitCode);
        await fixture.TextAsync(client, "rm", "-f", name);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task PredefinedNetworksAreThere(string client)
    {
        string[] names = (await fixture.TextAsync(client, "network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}")).Split('\n');
        Assert.Equal(["bridge bridge local", "host host local", "none null local"], names.Order());
        Assert.Matches(@"^\d+\.\d+\.\d+\.\d+/\d+$", await fixture.TextAsync(client, "network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "bridge"));
        Assert.Equal(1, (await fixture.RunAsync(client, "network", "inspect", "no-such")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task NetworksOfAContainer(string client)
    {
        Assert.Equal("lo", await fixture.TextAsync(client, "run", "--rm", "--net", "none", "busybox", "ls", "/sys/class/net"));
        Assert.Equal("eth0\nlo", await fixture.TextAsync(client, "run", "--rm", "busybox", "ls", "/sys/class/net"));
        string name = await fixture.SleeperAsync(client);
        string address = await fixture.TextAsync(client, "inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", name);
        Assert.Contains($"inet addr:{address} ", await fixture.TextAsync(client, "exec", name, "ifconfig", "eth0"), StringComparison.Ordinal);
        Assert.Contains(address, await fixture.TextAsync(client, "run", "--rm", "--net", $"container:{name}", "busybox", "ifconfig", "eth0"), StringComparison.Ordinal);
        string other = await fixture.SleeperAsync(client);
        Assert.Equal(0, (await fixture.RunAsync(client, "exec", other, "ping", "-c", "1", "-W", "5", address)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task EventsTellALife(string client)
    {
        string name = fixture.NewName("told"); // no hex digits: the filter takes the beginnings of ids too
        await fixture.TextAsync(client, "run", "--rm", "--name", name, "busybox", "true");

        // Relative times ("0s") are cut to whole seconds by the clients, and would leave out what happened in this one.
        string now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000";
        string text = await fixture.TextAsync(client, "events", "--since", "2000-01-01T00:00:00", "--until", now, "--filter", $"container={name}", "--format", "{{.Type}} {{.Action}}");
        Assert.Equal("container create\ncontainer attach\ncontainer start\ncontainer die\ncontainer destroy", text);
    }

    [Fact]
    public async Task EventsTellOfVolumes()
    {
        string name = fixture.NewName("vol");
        await fixture.Daemon.TextAsync("run", "--rm", "--name", name, "-v", $"{name}:/x", "-v", $"{name}:/y:ro", "busybox", "true");
        string now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000";
        string text = await fixture.Daemon.TextAsync(
            "events", "--since", "2000-01-01T00:00:00", "--until", now, "--filter", $"volume={name}", "--format", "{{.Action}} {{.Actor.Attributes.destination}} {{index .Actor.Attributes \"read/write\"}}");
        Assert.Equal("create <no value> \nmount /x true\nmount /y false\nunmount <no value> \nunmount <no value> ", text);
    }
}
