using System.Globalization;
using Berth.Testing.Daemons;

namespace Berth.Crash.Tests;

/// <summary>
/// Does one piece of work again and again. In round n the daemon kills itself right after its n-th durable step; then the next one
/// starts, and the invariants must hold. It ends when the work survives several rounds: n is beyond its last step, also beyond the
/// steps that follow its answer.
/// </summary>
internal static class CrashLoop
{
    private const int Survivals = 3;
    private const int Limit = 200;

    /// <param name="prepare">Makes what the work needs, in a daemon that is not killed.</param>
    /// <param name="work">May fail when the daemon is killed, and only then.</param>
    /// <param name="verify">Looks at the result after the restart and leaves nothing; is told whether the work survived.</param>
    /// <param name="reboot">Wipe all that a reboot wipes before the next start.</param>
    /// <returns>How many rounds killed the daemon.</returns>
    public static async Task<int> RunAsync(
        Func<TestDaemon, Task> prepare, Func<TestDaemon, Task> work, Func<TestDaemon, bool, Task> verify, bool reboot = false, bool withImage = true)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(withImage: withImage);
        int idleLinks = await SettledLinksAsync(daemon);
        int killed = 0, survived = 0;
        for (int n = 1; n <= Limit && survived < Survivals; n++)
        {
            await prepare(daemon);
            await daemon.StopAsync();
            string failpoint = string.Create(CultureInfo.InvariantCulture, $"kill@{n}");
            bool done = await daemon.TryLaunchAsync(failpoint) && await SurvivesAsync(daemon, work);
            survived = done ? survived + 1 : 0;
            killed += done ? 0 : 1;
            if (daemon.IsRunning)
            {
                await daemon.StopAsync();
            }

            await daemon.WaitForExitAsync();
            if (reboot)
            {
                await daemon.RebootAsync();
            }

            await daemon.LaunchAsync();
            try
            {
                await Invariants.HoldAsync(daemon, idleLinks);
                await verify(daemon, done);
                await Invariants.HoldAsync(daemon, idleLinks);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"after {failpoint}, work {(done ? "done" : "cut off")}: {e.Message}", e);
            }
        }

        Assert.True(survived == Survivals, $"the work has more than {Limit} steps");
        Assert.True(killed > 0, "no round killed the daemon: are there failpoints?");
        return killed;
    }

    // Also false where the work was answered and the daemon died in what it did afterwards.
    private static async Task<bool> SurvivesAsync(TestDaemon daemon, Func<TestDaemon, Task> work)
    {
        try
        {
            await work(daemon);
        }
        catch (Exception) when (daemon.EndsSoon())
        {
            return false;
        }

        return daemon.IsRunning;
    }

    private static async Task<int> SettledLinksAsync(TestDaemon daemon)
    {
        int last = -1;
        await Testing.Processes.Until.TrueAsync(
            async () =>
            {
                int now = await Invariants.LinksAsync(daemon);
                bool settled = now == last;
                last = now;
                await Task.Delay(200);
                return settled;
            },
            "links made ahead");
        return last;
    }
}
