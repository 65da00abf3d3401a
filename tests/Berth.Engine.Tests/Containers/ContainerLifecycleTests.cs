using Berth.Engine.Containers;

namespace Berth.Engine.Tests.Containers;

public sealed class ContainerLifecycleTests
{
    // The whole table: whatever is not here is refused.
    private static readonly (Phase From, Trigger Trigger, Phase To)[] Moves =
    [
        (Phase.Created, Trigger.StartRequested, Phase.Starting),
        (Phase.Exited, Trigger.StartRequested, Phase.Starting),
        (Phase.Restarting, Trigger.StartRequested, Phase.Starting),
        (Phase.Starting, Trigger.Started, Phase.Running),
        (Phase.Starting, Trigger.StartFailed, Phase.Created),
        (Phase.Running, Trigger.PauseRequested, Phase.Paused),
        (Phase.Paused, Trigger.ResumeRequested, Phase.Running),
        (Phase.Running, Trigger.StopRequested, Phase.Stopping),
        (Phase.Paused, Trigger.StopRequested, Phase.Stopping),
        (Phase.Stopping, Trigger.StopRequested, Phase.Stopping),
        (Phase.Restarting, Trigger.StopRequested, Phase.Exited),
        (Phase.Starting, Trigger.ProcessExited, Phase.Exited),
        (Phase.Running, Trigger.ProcessExited, Phase.Exited),
        (Phase.Paused, Trigger.ProcessExited, Phase.Exited),
        (Phase.Stopping, Trigger.ProcessExited, Phase.Exited),
        (Phase.Exited, Trigger.RestartScheduled, Phase.Restarting),
        (Phase.Created, Trigger.RemoveRequested, Phase.Removing),
        (Phase.Exited, Trigger.RemoveRequested, Phase.Removing),
        (Phase.Dead, Trigger.RemoveRequested, Phase.Removing),
        (Phase.Removing, Trigger.RemoveFailed, Phase.Dead),
        (Phase.Removing, Trigger.FilesRemoved, Phase.Removed),
    ];

    [Fact]
    public void TheTableHasTheseMovesAndNoOthers()
    {
        foreach (Phase phase in Enum.GetValues<Phase>())
        {
            foreach (Trigger trigger in Enum.GetValues<Trigger>())
            {
                Phase? expected = Moves.Where(m => m.From == phase && m.Trigger == trigger).Select(m => (Phase?)m.To).SingleOrDefault();
                Assert.Equal(expected, ContainerLifecycle.Next(phase, trigger));
            }
        }
    }

    [Fact]
    public void EveryPhaseIsReachedAndEveryRefusalHasWords()
    {
        var reached = new HashSet<Phase> { Phase.Created };
        while (Moves.Where(m => reached.Contains(m.From)).Count(m => reached.Add(m.To)) > 0)
        {
        }

        Assert.Equal(Enum.GetValues<Phase>().Order(), reached.Order());
        foreach (Phase phase in Enum.GetValues<Phase>())
        {
            foreach (Trigger trigger in Enum.GetValues<Trigger>())
            {
                Assert.NotEmpty(ContainerTransitions.Refusal(Samples.Record(phase), trigger).Message);
            }
        }
    }

    [Theory]
    [InlineData(Phase.Created, "created", false)]
    [InlineData(Phase.Running, "running", true)]
    [InlineData(Phase.Stopping, "running", true)]
    [InlineData(Phase.Paused, "paused", true)]
    [InlineData(Phase.Exited, "exited", false)]
    [InlineData(Phase.Restarting, "restarting", false)]
    [InlineData(Phase.Dead, "dead", false)]
    public void TheApisWordsAreDerived(Phase phase, string status, bool running)
    {
        Assert.Equal(status, ContainerLifecycle.Status(phase));
        Assert.Equal(running, ContainerLifecycle.IsRunning(phase));
    }
}
