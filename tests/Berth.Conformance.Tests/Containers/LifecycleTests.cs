using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class LifecycleTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task StopTerminatesThenKills(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 44' TERM; while :; do sleep 0.1; done");
        await fixture.TextAsync(client, "stop", "-t", "30", name);
        Assert.Equal("exited 44 false", await StateAsync(client, name));

        string deaf = await fixture.SleeperAsync(client); // sleep as pid 1 ignores SIGTERM
        await fixture.TextAsync(client, "stop", "-t", "1", deaf);
        Assert.Equal("exited 137 false", await StateAsync(client, deaf));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task KillSendsTheSignal(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 10' USR1; while :; do sleep 0.1; done");
        await fixture.TextAsync(client, "kill", "-s", "USR1", name);
        Assert.Equal("10", await fixture.TextAsync(client, "wait", name));
        ProcessResult again = await fixture.RunAsync(client, "kill", name);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is not running", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task PauseStopsTheClock(string client)
    {
        string name = await fixture.SleeperAsync(client);
        await fixture.TextAsync(client, "pause", name);
        Assert.Equal("paused", await fixture.TextAsync(client, "inspect", "-f", "{{.State.Status}}", name));
        Assert.Equal(1, (await fixture.RunAsync(client, "exec", name, "true")).ExitCode);
        Assert.Equal(1, (await fixture.RunAsync(client, "pause", name)).ExitCode);
        await fixture.TextAsync(client, "unpause", name);
        Assert.Equal(0, (await fixture.RunAsync(client, "exec", name, "true")).ExitCode);
        Assert.Equal(1, (await fixture.RunAsync(client, "unpause", name)).ExitCode);
    }

    /// <summary>A container may end in any moment of being paused: each call is answered, and the container can be removed.</summary>
    [Fact]
    public async Task PausingWhatEndsHangsNobody()
    {
        for (int i = 0; i < 60; i++)
        {
            string name = fixture.NewName("pause");
            await fixture.Daemon.AnswerAsync($"/containers/create?name={name}", """{"Image":"busybox","Cmd":["true"],"HostConfig":{"NetworkMode":"none"}}""");
            await fixture.Daemon.DoAsync(HttpMethod.Post, $"/containers/{name}/start");
            (int status, string message) = await fixture.Daemon.Api.ErrorAsync(HttpMethod.Post, $"/containers/{name}/pause");
            Assert.True(status is 204 or 409, $"{status} {message}");
            await fixture.Daemon.DoAsync(HttpMethod.Delete, $"/containers/{name}?force=1");
        }
    }

    [Fact]
    public async Task AStopMayWaitLongerThanAnyTimer()
    {
        string name = fixture.NewName();
        await fixture.Daemon.TextAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done");
        await fixture.Daemon.TextAsync("stop", "-t", "50000000", name);
        Assert.Equal("exited 7 false", await StateAsync("28", name));
        await fixture.Daemon.TextAsync("run", "-d", "--name", $"{name}b", "--stop-timeout", "2000000000", "busybox", "sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done");
        await fixture.Daemon.TextAsync("stop", $"{name}b");
        Assert.Equal("exited 7 false", await StateAsync("28", $"{name}b"));
    }

    [Fact]
    public async Task ResizingWhatHasNoTerminalIsNoError()
    {
        string name = await fixture.SleeperAsync("28");
        await fixture.Daemon.DoAsync(HttpMethod.Post, $"/containers/{name}/resize?h=10&w=20");
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task RestartRunsItAgain(string client)
    {
        string name = await fixture.SleeperAsync(client);
        string before = await fixture.TextAsync(client, "inspect", "-f", "{{.State.Pid}}", name);
        await fixture.TextAsync(client, "restart", "-t", "0", name);
        string after = await fixture.TextAsync(client, "inspect", "-f", "{{.State.Pid}} {{.State.Running}}", name);
        Assert.EndsWith(" true", after, StringComparison.Ordinal);
        Assert.NotEqual(before, after.Split(' ')[0]);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task StopAndStartKeepTheFiles(string client)
    {
        string name = await fixture.SleeperAsync(client);
        await fixture.TextAsync(client, "exec", name, "sh", "-c", "echo kept > /root/file");
        await fixture.TextAsync(client, "stop", "-t", "0", name);
        await fixture.TextAsync(client, "start", name);
        Assert.Equal("kept", await fixture.TextAsync(client, "exec", name, "cat", "/root/file"));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task RenameMovesTheName(string client)
    {
        string name = await fixture.SleeperAsync(client), other = await fixture.SleeperAsync(client), free = fixture.NewName("r");
        await fixture.TextAsync(client, "rename", name, free);
        Assert.Equal($"/{free}", await fixture.TextAsync(client, "inspect", "-f", "{{.Name}}", free));
        Assert.Equal(1, (await fixture.RunAsync(client, "inspect", name)).ExitCode);
        Assert.Equal(1, (await fixture.RunAsync(client, "rename", free, other)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ARunningContainerIsRemovedOnlyByForce(string client)
    {
        string name = await fixture.SleeperAsync(client);
        ProcessResult refused = await fixture.RunAsync(client, "rm", name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("container", refused.Error, StringComparison.Ordinal);
        Assert.Equal(name, await fixture.TextAsync(client, "rm", "-f", name));
        Assert.Equal(1, (await fixture.RunAsync(client, "inspect", name)).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task WaitAnswersTheExitCode(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sh", "-c", "read x < /dev/null; exit 12");
        Assert.Equal("12", await fixture.TextAsync(client, "wait", name));
        Assert.Equal("12", await fixture.TextAsync(client, "wait", name));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task CreateThenStart(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "create", "--name", name, "busybox", "echo", "hi");
        Assert.Equal("created 0 false", await StateAsync(client, name));
        Assert.Equal("hi", await fixture.TextAsync(client, "start", "-a", name));
        Assert.Equal("exited 0 false", await StateAsync(client, name));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task TopShowsTheProcesses(string client)
    {
        string name = await fixture.SleeperAsync(client);
        string text = await fixture.TextAsync(client, "top", name);
        Assert.Contains("PID", text, StringComparison.Ordinal);
        Assert.Contains("sleep 1000", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AMemoryEaterIsKilledAndSaysSo(string client)
    {
        string name = fixture.NewName();
        ProcessResult result = await fixture.RunAsync(client, "run", "--name", name, "-m", "32m", "busybox", "sh", "-c", "x=a; while :; do x=$x$x; done");
        Assert.Equal(137, result.ExitCode);
        Assert.Equal("exited 137 true", await StateAsync(client, name));
    }

    private Task<string> StateAsync(string client, string name) =>
        fixture.TextAsync(client, "inspect", "-f", "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}", name);
}
