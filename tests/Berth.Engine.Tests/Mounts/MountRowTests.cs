using System.Text.Json;

using Berth.Engine.Mounts;

namespace Berth.Engine.Tests.Mounts;

public sealed class MountRowTests
{
    /// <summary>Also where every member has its type's default: the first kind of mount, and nothing said about it.</summary>
    [Theory]
    [InlineData(MountKind.Bind)]
    [InlineData(MountKind.Volume)]
    [InlineData(MountKind.Tmpfs)]
    public void AMountIsReadBackAsItWasWritten(MountKind kind)
    {
        var mount = new ContainerMount { Kind = kind, Destination = "/x" };
        string row = JsonSerializer.Serialize(mount, EngineJson.Default.ContainerMount);
        Assert.Equal(mount, JsonSerializer.Deserialize(row, EngineJson.Default.ContainerMount));
    }
}
