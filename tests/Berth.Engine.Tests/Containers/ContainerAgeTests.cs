using Berth.Engine.Containers;

namespace Berth.Engine.Tests.Containers;

public sealed class ContainerAgeTests
{
    [Theory]
    [InlineData(0.5, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(150, "2 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(3600 * 5, "5 hours")]
    [InlineData(3600 * 47, "47 hours")]
    [InlineData(3600 * 24 * 3, "3 days")]
    [InlineData(3600 * 24 * 20, "2 weeks")]
    [InlineData(3600 * 24 * 70, "2 months")]
    [InlineData(3600.0 * 24 * 365 * 3, "3 years")]
    public void LengthsOfTimeReadAsDockers(double seconds, string text) => Assert.Equal(text, ContainerAge.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void StatusesReadAsDockers()
    {
        var ended = new ContainerStatus { StartedAt = Samples.Noon, FinishedAt = Samples.Noon, ExitCode = 7 };
        DateTimeOffset now = Samples.Noon.AddMinutes(5);
        Assert.Equal("Up 5 minutes", ContainerAge.Status(Samples.Record(Phase.Running), now));
        Assert.Equal("Up 5 minutes (Paused)", ContainerAge.Status(Samples.Record(Phase.Paused), now));
        Assert.Equal("Exited (7) 5 minutes ago", ContainerAge.Status(Samples.Record(Phase.Exited, status: ended), now));
        Assert.Equal("Restarting (7) 5 minutes ago", ContainerAge.Status(Samples.Record(Phase.Restarting, status: ended), now));
        Assert.Equal("Created", ContainerAge.Status(Samples.Record(Phase.Created, status: new ContainerStatus()), now));
    }
}
