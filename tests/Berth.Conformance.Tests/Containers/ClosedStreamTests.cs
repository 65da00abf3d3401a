using Berth.Testing;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

/// <summary>Programs started with a standard stream closed do as Go's: what is read is empty, what is written is lost, and nothing else changes.</summary>
public sealed class ClosedStreamTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    [Theory]
    [InlineData("run --rm -i --net none busybox sh -c 'cat; echo eof' <&-", 0, "eof\n", "")]
    [InlineData("run --rm --net none busybox sh -c 'echo hi; exit 3' >&-", 3, "", "")]
    [InlineData("run --rm --net none busybox sh -c 'echo hi; echo e >&2; exit 3' 2>&-", 3, "hi\n", "")]
    [InlineData("run --rm --net none busybox sh -c 'exit 3' <&- >&- 2>&-", 3, "", "")]
    [InlineData("ps -q >&-", 0, "", "")]
    [InlineData("load <&-", 1, "", "the archive holds no image")]
    public async Task TheClientsEndInOrder(string command, int code, string output, string error)
    {
        ProcessResult result = await Run.Async("sh", "-c", $"exec {Programs.Berth} -H unix://{fixture.Daemon.Socket} {command}");
        Assert.Equal((code, output), (result.ExitCode, result.Out));
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExecReadsTheEnd()
    {
        string name = await fixture.SleeperAsync("28", "--net", "none");
        ProcessResult result = await Run.Async("sh", "-c", $"exec {Programs.Berth} -H unix://{fixture.Daemon.Socket} exec -i {name} wc -c <&-");
        Assert.Equal((0, "0\n"), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task TheRuntimeAnswers()
    {
        ProcessResult result = await Run.Async("sh", "-c", $"{Programs.Runtime} features <&- 2>&- | head -c 1");
        Assert.Equal("{", result.Out);
        Assert.Equal(0, (await Run.Async("sh", "-c", $"exec {Programs.Runtime} features >&-")).ExitCode);
    }

    [Fact]
    public async Task TheDaemonServes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.StopAsync();
        ProcessResult result = await Run.Async(
            "nsenter", $"--net={daemon.Host.Path}", "sh", "-c",
            $"{string.Join(' ', daemon.Command())} <&- >&- 2>&- & p=$!; i=0; until {Programs.Berth} -H unix://{daemon.Socket} run --rm --net none busybox echo served 2>/dev/null; do i=$((i+1)); [ $i -gt 100 ] && break; sleep 0.1; done; kill $p; wait $p");
        Assert.Equal("served\n", result.Out);
        await daemon.LaunchAsync();
    }
}
