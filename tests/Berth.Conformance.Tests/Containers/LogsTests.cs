using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class LogsTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task StreamsAndTail(string client)
    {
        string name = await EndedAsync(client, "seq 1 10; echo err >&2");
        ProcessResult all = await fixture.RunAsync(client, "logs", name);
        Assert.Equal(("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "err\n"), (all.Out, all.Error));
        ProcessResult tail = await fixture.RunAsync(client, "logs", "--tail", "3", name);
        Assert.Equal("9\n10\nerr\n", tail.Out + tail.Error);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OptionsAreTheDefaultDrivers(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "--name", name, "--log-opt", "max-size=1k", "--log-opt", "max-file=2", "busybox", "seq", "1", "200");
        Assert.Equal("json-file map[max-file:2 max-size:1k]", await fixture.TextAsync(client, "inspect", "-f", "{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Config}}", name));
        string kept = await fixture.TextAsync(client, "logs", name);
        Assert.EndsWith("\n199\n200", kept, StringComparison.Ordinal);
        Assert.True(kept.Split('\n').Length < 50, kept);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task TimestampsAndSince(string client)
    {
        string name = await EndedAsync(client, "echo a; sleep 1.2; echo b");
        string[] lines = (await fixture.TextAsync(client, "logs", "-t", name)).Split('\n');
        Assert.All(lines, static line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z [ab]$", line));
        string second = lines[1].Split(' ')[0];
        Assert.Equal("b", await fixture.TextAsync(client, "logs", "--since", second, name));
        Assert.Equal("a", await fixture.TextAsync(client, "logs", "--until", lines[0].Split(' ')[0], name));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task FollowEndsWithTheContainer(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done");
        Assert.Equal("1\n2\n3", await fixture.TextAsync(client, "logs", "-f", name));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ATerminalsLogIsRaw(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "-t", "--name", name, "busybox", "echo", "hi");
        await fixture.TextAsync(client, "wait", name);
        Assert.Equal("hi\r", await fixture.TextAsync(client, "logs", name));
    }

    private async Task<string> EndedAsync(string client, string script)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sh", "-c", script);
        await fixture.TextAsync(client, "wait", name);
        return name;
    }
}
