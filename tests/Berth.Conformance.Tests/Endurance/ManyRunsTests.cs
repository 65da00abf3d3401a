using System.Globalization;
using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Leaks;

namespace Berth.Conformance.Tests.Endurance;

/// <summary>Many containers after and beside each other leave nothing: in the kernel, on disk, or in the daemon.</summary>
public sealed class ManyRunsTests(ITestOutputHelper output)
{
    private const int InARow = 1000, AtOnce = 100;

    // Kilobytes. What a daemon may hold after that many runs is the figure.
    private const long Most = 50 * 1024, Growth = 5 * 1024;

    [Fact]
    public async Task AThousandInARowAndAHundredAtOnceLeaveNothing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();

        // Once around first: the daemon opens its reading connections and fills its pools when they are first needed.
        await RunAtOnceAsync(daemon);
        LeakSnapshot before = await LeakSnapshot.AtRestAsync(daemon);
        long start = Resident(daemon), half = 0;
        for (int i = 1; i <= InARow; i++)
        {
            await RunOneAsync(daemon);
            half = i == InARow / 2 ? Resident(daemon) : half;
        }

        long end = Resident(daemon);
        await RunAtOnceAsync(daemon);
        long last = Resident(daemon);
        output.WriteLine($"resident kB: {start} before, {half} after {InARow / 2}, {end} after {InARow}, {last} after {AtOnce} at once");
        await before.AssertSameAsync(daemon, $"{InARow} runs in a row and {AtOnce} at once");
        Assert.InRange(end - half, long.MinValue, Growth);
        Assert.InRange(Math.Max(end, last), 0, Most);
        Assert.Equal("", await daemon.TextAsync("ps", "-aq"));
        Assert.Equal("", await daemon.TextAsync("volume", "ls", "-q"));
    }

    private static async Task RunAtOnceAsync(TestDaemon daemon) => await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RunOneAsync(daemon)));

    private static async Task RunOneAsync(TestDaemon daemon) => Assert.Equal("", (await DockerClient.Berth.RunAsync(daemon, "run", "--rm", "busybox", "true")).Text);

    private static long Resident(TestDaemon daemon) =>
        long.Parse(File.ReadLines($"/proc/{daemon.Pid}/status").First(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1].Trim(), CultureInfo.InvariantCulture);
}
