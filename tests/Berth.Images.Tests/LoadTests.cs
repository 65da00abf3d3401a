using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Tests;

public sealed class LoadTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task BuiltInImageIsLoadedMountedAndReadThroughADetachedMount()
    {
        await using FileStream archive = BusyboxImage.Open();
        Assert.Single(await _images.LoadAsync(archive));
        Assert.Equal(["Loaded image: busybox:latest"], _images.Lines);

        ImageRecord image = _images.Store.Resolve("busybox");
        Assert.Equal(["busybox:latest"], image.RepoTags);
        Assert.Equal(["sh"], image.Config.Config!.Cmd);
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using Lease lease = await Lease.CreateAsync(_images.Root.Services.Database, "test", cancel);
        FileSystemMount mount = await _images.Root.Services.Snapshots.PrepareAsync(new SnapshotKey("c1"), image.Chain, SnapshotDurability.Volatile, lease, cancel);
        using FileDescriptor root = DetachedMount.Create(mount);
        string by = $"/proc/self/fd/{root.Number}";
        Assert.StartsWith("root:x:0:0", File.ReadAllText($"{by}/etc/passwd"), StringComparison.Ordinal);
        File.WriteAllText($"{by}/hello", "x");
        Assert.True(File.Exists(Path.Join(_images.Root.Services.Snapshots.ChangesOf(new SnapshotKey("c1")), "hello")));
    }
}
