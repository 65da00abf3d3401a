using Berth.Engine.Containers;
using Berth.Oci.Monitor;

namespace Berth.Engine.Tests.Containers;

public sealed class ReconciliationTests
{
    private static readonly MonitorState State = new() { Pid = 7, PidStartTime = 8, MonitorPid = 6, StartedAt = Samples.Noon };
    private static readonly ContainerExit Exit = new() { ExitCode = 3, StartedAt = Samples.Noon, FinishedAt = Samples.Noon.AddMinutes(1) };
    private static readonly DateTimeOffset Now = Samples.Noon.AddHours(1);

    [Theory]
    [InlineData(Phase.Running, Phase.Running)]
    [InlineData(Phase.Paused, Phase.Paused)]
    [InlineData(Phase.Stopping, Phase.Running)] // nobody waits for that stop any more
    [InlineData(Phase.Starting, Phase.Running)] // killed between the monitor's report and the row
    public void AContainerWhoseMonitorAnswersIsAdopted(Phase row, Phase expected) =>
        Assert.Equal(new Verdict.Adopt(expected, State), Of(row, new Observation(true, State, null)));

    [Theory]
    [InlineData(Phase.Running)]
    [InlineData(Phase.Paused)]
    [InlineData(Phase.Stopping)]
    [InlineData(Phase.Starting)]
    public void AnEndThatNobodySawIsReadFromItsFile(Phase row) =>
        Assert.Equal(new Verdict.End(Exit, true, ""), Of(row, new Observation(false, null, Exit)));

    [Fact]
    public void TheMonitorsAnswerBeatsAnOldFile() =>
        Assert.IsType<Verdict.Adopt>(Of(Phase.Running, new Observation(true, State, Exit)));

    [Fact]
    public void AnEarlierRunsFileIsNotThisRunsEnd()
    {
        ContainerRecord row = Samples.Record(Phase.Starting, status: new ContainerStatus { StartedAt = Samples.Noon, FinishedAt = Exit.FinishedAt });
        Assert.IsType<Verdict.Unstart>(Reconciliation.Of(row, new Observation(false, null, Exit), Now));
        var end = Assert.IsType<Verdict.End>(Reconciliation.Of(row with { Phase = Phase.Running }, new Observation(false, null, Exit), Now));
        Assert.Equal(Reconciliation.Unknown, end.Exit.ExitCode);
    }

    [Fact]
    public void ARebootEndsWhatRanWith255()
    {
        var end = Assert.IsType<Verdict.End>(Of(Phase.Running, new Observation(false, null, null)));
        Assert.Equal(255, end.Exit.ExitCode);
        Assert.Equal(Now, end.Exit.FinishedAt);
        Assert.True(end.KillLeftovers);
        Assert.NotEmpty(end.Error);
    }

    [Fact]
    public void AStartThatDidNotComeToAProcessIsUndone() =>
        Assert.IsType<Verdict.Unstart>(Of(Phase.Starting, new Observation(false, null, null)));

    [Theory]
    [InlineData(Phase.Created)]
    [InlineData(Phase.Exited)]
    [InlineData(Phase.Restarting)]
    [InlineData(Phase.Dead)]
    public void WhatDidNotRunStaysAsItIs(Phase row) => Assert.IsType<Verdict.Keep>(Of(row, new Observation(false, null, Exit)));

    private static Verdict Of(Phase row, Observation seen) => Reconciliation.Of(Samples.Record(row), seen, Now);
}
