using Berth.Images.Commit;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Images.Tests.Commit;

/// <summary>A container's snapshot without a container: changed by shell commands, committed.</summary>
internal sealed class TestContainer(TestImages images, ImageRecord image)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public SnapshotKey Key { get; } = new(Guid.NewGuid().ToString("N"));

    public int TimesRead { get; private set; }

    public static async Task<TestContainer> MakeAsync(TestImages images, string image, string script)
    {
        Lease lease = await Lease.CreateAsync(images.Root.Services.Database, "test", Cancel);
        var container = new TestContainer(images, images.Store.Resolve(image));
        await images.Root.Services.Snapshots.PrepareAsync(container.Key, container.Image.Chain, SnapshotDurability.Durable, lease, Cancel);
        await container.DoAsync(script);
        return container;
    }

    public ImageRecord Image => image;

    public async Task DoAsync(string script)
    {
        using FileDescriptor root = DetachedMount.Create(await images.Root.Services.Snapshots.MountAsync(Key, Cancel));
        TestShell.Run($"cd /proc/{Environment.ProcessId}/fd/{root.Number} && umask 022 && {{ {script}\n}}");
    }

    public async Task<ImageRecord> CommitAsync(string? name, int? kept = null, string comment = "", ImageConfig? config = null)
    {
        var archiver = new LayerArchiver(images.Root.Root, images.Root.Services.Snapshots);
        var commit = new ImageCommit(images.Root.Services.Database, images.Root.Services.Content, images.Root.Services.Layers, archiver, images.Store);
        var request = new CommitRequest
        {
            Snapshot = Key, Parent = Image.Id, Config = config ?? Image.Config.Config ?? new ImageConfig(), Reference = name is null ? null : ImageReference.Parse(name),
            Comment = comment, Author = "me", CreatedBy = "sh", KeptLayers = kept,
        };
        Digest id = await commit.CommitAsync(
            request,
            () =>
            {
                TimesRead++;
                return Task.CompletedTask;
            },
            Cancel);
        return images.Store.Find(id)!;
    }

    /// <summary>The lines of its tree, without the root's own.</summary>
    public async Task<List<string>> SeenAsync() => Seen(await images.Root.Services.Snapshots.MountAsync(Key, Cancel));

    public static async Task<List<string>> SeenAsync(TestImages images, ImageRecord image) =>
        Seen(await images.Root.Services.Snapshots.ViewAsync(image.Chain!.Value, Cancel));

    private static List<string> Seen(FileSystemMount mount)
    {
        using FileDescriptor root = DetachedMount.Create(mount);
        using FileDescriptor top = FileDescriptor.OpenBelow(root, ".", Libc.O_RDONLY | Libc.O_DIRECTORY);
        return [.. TreePrint.Of(top).Skip(1)];
    }
}
