using System.Diagnostics;
using System.Globalization;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Endurance;

/// <summary>A container that logs as fast as it can while the daemon is killed and comes back.</summary>
public sealed class LogUnderFireTests(ITestOutputHelper output)
{
    private const int Lines = 4_000_000, Width = 100;

    // Bytes of log that are awaited before each kill.
    private const long Step = 100 << 20;

    [Fact]
    public async Task NoLineIsLostOrDoubledOrMoved()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        long start = Stopwatch.GetTimestamp();
        string id = await daemon.TextAsync("run", "-d", "--net", "none", "busybox", "awk", $"BEGIN {{ for (i = 0; i < {Lines}; i++) printf \"%0{Width - 1}d\\n\", i; exit 6 }}");
        string log = await daemon.TextAsync("inspect", "-f", "{{.LogPath}}", id);
        for (int kill = 1; kill <= 2; kill++)
        {
            await Until.TrueAsync(() => new FileInfo(log).Length > kill * Step, "it logs");
            await daemon.KillAsync();
            long length = new FileInfo(log).Length;
            await Until.TrueAsync(() => new FileInfo(log).Length > length, "it logs on without a daemon");
            await daemon.LaunchAsync();
        }

        Assert.Equal("running", await daemon.StatusAsync(id)); // both kills were in the middle of it
        Assert.Equal("6", await daemon.TextAsync("wait", id));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int next = 0;
        foreach (string line in File.ReadLines(log))
        {
            Assert.True(line.StartsWith("{\"log\":\"", StringComparison.Ordinal) && next == int.Parse(line.AsSpan(8, Width - 1), CultureInfo.InvariantCulture), $"line {next} is: {line}");
            next++;
        }

        Assert.Equal(Lines, next);
        output.WriteLine($"{(double)Lines * Width / 1e6 / seconds:F0} MB/s of text, {new FileInfo(log).Length / 1e6 / seconds:F0} MB/s of log, in {seconds:F1} s");
        Assert.Equal($"{Lines - 1}", (await daemon.TextAsync("logs", "--tail", "1", id)).TrimStart('0'));
    }
}
