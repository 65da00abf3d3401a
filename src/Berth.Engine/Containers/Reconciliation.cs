using Berth.Oci.Monitor;

namespace Berth.Engine.Containers;

/// <summary>The row holds intent and the last phase, the monitor's files hold what happened: what is true now. Pure.</summary>
public static class Reconciliation
{
    /// <summary>The exit code of a container whose end nobody saw: a power cut, or its monitor was killed. Docker's too, after a reboot.</summary>
    public const int Unknown = 255;

    /// <param name="row">As the last daemon left it.</param>
    /// <param name="seen">What is found now.</param>
    /// <param name="now">For ends of which no time is known.</param>
    public static Verdict Of(ContainerRecord row, Observation seen, DateTimeOffset now)
    {
        if (!ContainerLifecycle.IsRunning(row.Phase) && row.Phase != Phase.Starting)
        {
            return new Verdict.Keep();
        }

        if (seen is { Monitor: true, State: { } state })
        {
            // A stop that was being waited for is nobody's any more: the container runs until somebody asks again.
            return new Verdict.Adopt(row.Phase == Phase.Paused ? Phase.Paused : Phase.Running, state);
        }

        if (seen.Exit is { } exit && IsOfThisRun(row, exit))
        {
            return new Verdict.End(exit, KillLeftovers: true, "");
        }

        return row.Phase == Phase.Starting
            ? new Verdict.Unstart("the daemon was killed while it started the container; start it again")
            : new Verdict.End(
                new ContainerExit { ExitCode = Unknown, StartedAt = row.Status.StartedAt ?? now, FinishedAt = now },
                KillLeftovers: true,
                "how the container ended is not known: the machine was restarted, or its monitor was killed");
    }

    // The monitor removes an earlier run's file before it starts; a start that did not come so far leaves it.
    private static bool IsOfThisRun(ContainerRecord row, ContainerExit exit) => row.Status.FinishedAt is not { } last || exit.FinishedAt > last;
}
