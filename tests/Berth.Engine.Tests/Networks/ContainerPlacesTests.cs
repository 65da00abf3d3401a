using Berth.Api;
using Berth.Engine.Containers;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

public sealed class ContainerPlacesTests
{
    /// <summary>The same for as long as its first process lives, another for the next; none for who has none of its own.</summary>
    [Fact]
    public void ASandboxHasAnIdForEachLife()
    {
        ContainerRecord running = Samples.Record() with { Pid = 12, PidStartTime = 700 };
        string id = ContainerPlaces.SandboxId(running);
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id, ContainerPlaces.SandboxId(running with { Phase = Phase.Paused, Name = "renamed" }));
        Assert.NotEqual(id, ContainerPlaces.SandboxId(running with { PidStartTime = 701 }));
        Assert.Equal("", ContainerPlaces.SandboxId(running with { Pid = 0 }));
        Assert.Equal("", ContainerPlaces.SandboxId(Samples.Record(host: new HostConfig { NetworkMode = "container:other" }) with { Pid = 12 }));
    }
}
