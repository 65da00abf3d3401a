using Berth.Api;
using Berth.Engine.Containers;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Tests.Containers;

public sealed class RestartPoliciesTests
{
    [Theory]
    [InlineData("no", 1, false, false)]
    [InlineData("always", 0, false, true)]
    [InlineData("always", 0, true, false)]
    [InlineData("unless-stopped", 1, false, true)]
    [InlineData("on-failure", 0, false, false)]
    [InlineData("on-failure", 1, false, true)]
    public void WhetherAnEndedContainerStartsAgain(string policy, int exitCode, bool stopped, bool expected) =>
        Assert.Equal(expected, Delay(policy, exitCode, 0, stopped, TimeSpan.FromSeconds(1)) is not null);

    [Fact]
    public void OnFailureGivesUpAfterItsRetries()
    {
        Assert.NotNull(RestartPolicies.Delay(Record("on-failure", 2, retries: 3), Exit(1, TimeSpan.FromSeconds(1))));
        Assert.Null(RestartPolicies.Delay(Record("on-failure", 3, retries: 3), Exit(1, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public void PausesDoubleUpToAMinuteAndAreShortAgainAfterTenGoodSeconds()
    {
        Assert.Equal([100, 200, 400, 800], Enumerable.Range(0, 4).Select(i => Delay("always", 1, i, false, TimeSpan.FromSeconds(1))!.Value.TotalMilliseconds));
        Assert.Equal(60_000, Delay("always", 1, 40, false, TimeSpan.FromSeconds(1))!.Value.TotalMilliseconds);
        Assert.Equal(100, Delay("always", 1, 40, false, TimeSpan.FromSeconds(10))!.Value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("sometimes", 0, false, "unknown policy 'sometimes'")]
    [InlineData("always", 3, false, "maximum retry count can only be used with 'on-failure'")]
    [InlineData("on-failure", -1, false, "maximum retry count cannot be negative")]
    [InlineData("always", 0, true, "can't create 'AutoRemove' container with restart policy")]
    public void BadPoliciesAreRefused(string name, int retries, bool autoRemove, string message) => Assert.Contains(
        message,
        Assert.Throws<EngineException>(() => RestartPolicies.Check(new RestartPolicy { Name = name, MaximumRetryCount = retries }, autoRemove)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void NoPolicyIsNo() => Assert.Equal("no", RestartPolicies.Check(null, autoRemove: true).Name);

    [Theory]
    [InlineData("always", true, true)]
    [InlineData("unless-stopped", true, false)]
    [InlineData("unless-stopped", false, true)]
    [InlineData("no", false, false)]
    public void WhatADaemonStartsWithItself(string policy, bool stopped, bool expected)
    {
        ContainerRecord record = Record(policy, 0, stopped: stopped);
        Assert.Equal(expected, RestartPolicies.StartsWithDaemon(record, ranBefore: true));
        Assert.False(RestartPolicies.StartsWithDaemon(record with { Status = new ContainerStatus() }, ranBefore: true));
    }

    private static TimeSpan? Delay(string policy, int exitCode, int restarts, bool stopped, TimeSpan ran) =>
        RestartPolicies.Delay(Record(policy, restarts, stopped: stopped), Exit(exitCode, ran));

    private static ContainerExit Exit(int code, TimeSpan ran) => new() { ExitCode = code, FinishedAt = Samples.Noon + ran };

    private static ContainerRecord Record(string policy, int restarts, int retries = 0, bool stopped = false) => Samples.Record(
        Phase.Exited,
        new HostConfig { RestartPolicy = new RestartPolicy { Name = policy, MaximumRetryCount = retries } },
        new ContainerStatus { StartedAt = Samples.Noon, RestartCount = restarts, StoppedByUser = stopped });
}
