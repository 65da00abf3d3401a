using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Storage.Tests.Snapshots;

public sealed class OverlaySnapshotterTests : SnapshotterConformance
{
    private protected override ISnapshotter Make(TestRoot root) => root.Services.Snapshots;

    [Fact]
    public async Task The501stLayerIsRefusedByName()
    {
        ChainId? chain = null;
        for (int i = 0; i < 501; i++)
        {
            chain = await ChangesAsync(chain, _ => { });
        }

        EngineException refused = await Assert.ThrowsAsync<EngineException>(async () => (await PrepareAsync("top", chain)).Dispose());
        Assert.Contains("501 layers", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing is attached in this namespace by any of it.</summary>
    [Fact]
    public async Task NoMountIsAttached()
    {
        using FileDescriptor root = await PrepareAsync("a", null);
        Assert.DoesNotContain(Root.Root.Data, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AVolatileSnapshotIsNotUsedAfterARestartOfTheMachine()
    {
        (await PrepareAsync("a", null, SnapshotDurability.Volatile)).Dispose();
        await Root.Services.Database.WriteAsync(t => t.Execute("UPDATE snapshots SET boot = 'another'"), Cancel);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(async () => await Snapshots.MountAsync(new SnapshotKey("a"), Cancel));
        Assert.Equal(EngineErrorKind.Unavailable, refused.Kind);
    }

    /// <summary>A data root so deep that its paths are too long for a string of fsconfig.</summary>
    [Fact]
    public async Task LongPathsAreGivenAsDescriptors()
    {
        string deep = Root.Scratch(string.Join('/', Enumerable.Repeat(new string('d', 60), 6)));
        using StorageServices services = StorageServices.Open(new DataRoot(Path.Join(deep, "data"), Path.Join(deep, "run")), Failpoints.Durable.None());
        await using Leases.Lease lease = await Leases.Lease.CreateAsync(services.Database, "test", Cancel);
        using FileDescriptor root = DetachedMount.Create(await services.Snapshots.PrepareAsync(new SnapshotKey("a"), null, SnapshotDurability.Durable, lease, Cancel));
        File.WriteAllText($"{PathOf(root)}/file", "x");
        Assert.Equal("x", File.ReadAllText(Path.Join(services.Snapshots.ChangesOf(new SnapshotKey("a")), "file")));
    }

    [Fact]
    public void AFailedMountSaysWhatTheKernelSaid()
    {
        var mount = new FileSystemMount("overlay", "overlay", [new MountParameter("lowerdir+", "/nowhere/at/all", IsPath: true)]);
        LinuxException failed = Assert.Throws<LinuxException>(() => DetachedMount.Create(mount));
        Assert.Contains("/nowhere/at/all", failed.Message, StringComparison.Ordinal);
    }
}
