using System.Globalization;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Endurance;

/// <summary>A container that logs as fast as it can while the daemon is killed and comes back.</summary>
public sealed class LogUnderFireTests(ITestOutputHelper output)
{
    private const int First = 10_000_000, Round = 100_000, Width = 100;

    // Bytes of log that are awaited before each kill.
    private const long Step = 100 << 20;

    [Fact]
    public async Task NoLineIsLostOrDoubledOrMoved()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();

        // Numbers with a long separator: nothing else in busybox writes as fast. The last of a round has a mere newline behind it.
        string filling = new('x', Width - 9), shared = Directory.CreateDirectory($"{daemon.Folder}/shared").FullName;
        string id = await daemon.TextAsync(
            "run", "-d", "--net", "none", "-v", $"{shared}:/shared", "busybox", "sh", "-c",
            $"n={First}; while [ ! -e /shared/stop ]; do seq -s '{filling}\n' $n $((n + {Round - 1})); n=$((n + {Round})); done; exit 6");
        string log = await daemon.TextAsync("inspect", "-f", "{{.LogPath}}", id);
        for (int kill = 1; kill <= 2; kill++)
        {
            await Until.TrueAsync(() => new FileInfo(log).Length > kill * Step, "it logs");
            await daemon.KillAsync();
            long length = new FileInfo(log).Length;
            await Until.TrueAsync(() => new FileInfo(log).Length > length, "it logs on without a daemon");
            await daemon.LaunchAsync();
        }

        await File.WriteAllTextAsync($"{shared}/stop", "", TestContext.Current.CancellationToken);
        Assert.Equal("6", await daemon.TextAsync("wait", id));
        int next = First;
        foreach (string line in File.ReadLines(log))
        {
            // {"log":"10000000xxx…x\n","stream":"stdout","time":"…"}
            ReadOnlySpan<char> text = line.AsSpan(8, line.IndexOf("\\n", StringComparison.Ordinal) - 8);
            bool isLast = (next - First) % Round == Round - 1;
            Assert.True(int.Parse(text[..8], CultureInfo.InvariantCulture) == next && (isLast ? text.Length == 8 : text[8..].SequenceEqual(filling)), $"instead of line {next}: {line}");
            next++;
        }

        Assert.Equal(0, (next - First) % Round);
        Assert.Equal($"{next - 1}", await daemon.TextAsync("logs", "--tail", "1", id));
        string[] times = (await daemon.TextAsync("inspect", "-f", "{{.State.StartedAt}} {{.State.FinishedAt}}", id)).Split(' ');
        double seconds = (DateTimeOffset.Parse(times[1], CultureInfo.InvariantCulture) - DateTimeOffset.Parse(times[0], CultureInfo.InvariantCulture)).TotalSeconds;
        output.WriteLine($"{(long)(next - First) * Width / 1e6 / seconds:F0} MB/s of text, {new FileInfo(log).Length / 1e6 / seconds:F0} MB/s of log, for {seconds:F1} s");
    }
}
