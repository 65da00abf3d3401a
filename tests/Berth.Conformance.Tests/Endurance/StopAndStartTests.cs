using System.Text.Json.Nodes;
using Berth.Testing.Daemons;
using Berth.Testing.Leaks;

namespace Berth.Conformance.Tests.Endurance;

/// <summary>A container that is stopped and started again at once, over and over.</summary>
public sealed class StopAndStartTests
{
    private const int Times = 200;

    [Fact]
    public async Task TwoHundredTimesInARow()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync("run", "-d", "--name", "life", "-v", "/kept", "busybox", "sh", "-c", "trap 'exit 44' TERM; echo up >> /kept/lives; echo up; while :; do read x < /dev/zero; done");
        LeakSnapshot before = await LeakSnapshot.AtRestAsync(daemon);
        JsonNode state = (await daemon.Api.JsonAsync("/containers/life/json"))["State"]!;
        for (int i = 1; i <= Times; i++)
        {
            int last = (int)state["Pid"]!;
            string started = (string)state["StartedAt"]!;
            await daemon.DoAsync(HttpMethod.Post, "/containers/life/stop?t=0");
            await daemon.DoAsync(HttpMethod.Post, "/containers/life/start");
            state = (await daemon.Api.JsonAsync("/containers/life/json"))["State"]!;
            Assert.Equal(("running", true, 0, ""), ((string)state["Status"]!, (bool)state["Running"]!, (int)state["ExitCode"]!, (string)state["Error"]!));
            Assert.NotEqual(last, (int)state["Pid"]!);
            Assert.True(Directory.Exists($"/proc/{(int)state["Pid"]!}") && !Directory.Exists($"/proc/{last}"), $"round {i}: the new process is there and the old one is gone");
            Assert.NotEqual(started, (string)state["StartedAt"]!);
        }

        await before.AssertSameAsync(daemon, $"{Times} stops and starts");
        await daemon.TextAsync("stop", "-t", "0", "life");
        Assert.Matches("^exited (44|137)$", await daemon.TextAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "life"));
    }
}
