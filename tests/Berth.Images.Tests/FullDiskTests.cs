using Berth.Images.Check;
using Berth.Images.Pull;
using Berth.Images.Tests.Pull;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Check;
using Berth.Storage.Content.Partials;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>The data root on a file system that is too small: clear errors, and nothing is left behind.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-full-").FullName;
    private readonly StorageServices _services;

    public FullDiskTests()
    {
        TestShell.Run($"mount -t tmpfs -o size=5m berth-test {_folder}");
        _services = StorageServices.Open(new DataRoot(Path.Join(_folder, "data"), Path.Join(_folder, "run")), Durable.None());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _services.Dispose();
        TestShell.Run($"umount {_folder} && rmdir {_folder}");
    }

    [Theory]
    [InlineData(5_000_000)] // its archive already
    [InlineData(1_500_000)] // its files beside its archive
    public async Task AnImageThatIsTooLargeLeavesNothing(int size)
    {
        byte[] layer = ArchiveBuilder.Layer("large", new string('x', size));
        MemoryStream archive = new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layer)).File("l", layer)
            .File("manifest.json", """[{"Config":"c","RepoTags":["large:1"],"Layers":["l"]}]""").Build();
        var store = new ImageStore(_services.Database, _services.Content, _services.Layers, _services.Collector);
        Told(await Assert.ThrowsAsync<EngineException>(() => store.LoadAsync(archive, new Progress<string>(), Cancel)));
        await NothingIsLeftAsync();
        await SmallFitsAsync(store);

        // Once there is room, the same archive goes in.
        TestShell.Run($"mount -o remount,size=30m {_folder}");
        archive.Position = 0;
        await store.LoadAsync(archive, new Progress<string>(), Cancel);
        Assert.Equal(size, store.Resolve("large:1").Size);
    }

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(1_500_000)]
    public async Task AnImportThatIsTooLargeLeavesNothing(int size)
    {
        var store = new ImageStore(_services.Database, _services.Content, _services.Layers, _services.Collector);
        var archive = new MemoryStream(ArchiveBuilder.Layer("large", new string('x', size)));
        Told(await Assert.ThrowsAsync<EngineException>(() => store.ImportAsync(archive, new ImportRequest(), Cancel)));
        await NothingIsLeftAsync();
        await SmallFitsAsync(store);
    }

    /// <summary>A pull's blob fits, and what is unpacked from it does not: in the middle of a layer, while it still arrives.</summary>
    [Fact]
    public async Task APullThatDoesNotFitLeavesNothingAndGoesOnceThereIsRoom()
    {
        byte[] random = new byte[300_000];
        Random.Shared.NextBytes(random);
        var repository = new ScriptedRepository();
        repository.Image("latest", [new TarBuilder().File("random", random).File("large", new string('x', 20_000_000)).Build()]);
        using var server = new ScriptedServer(repository.Answer);
        var puller = new ImagePuller(_services.Database, _services.Content, _services.Layers, server.Options(Path.Join(_folder, "hosts")));
        var request = new PullRequest { Reference = ImageReference.Parse($"{server.Name}/x:latest") };
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => puller.PullAsync(request, new Progress<PullStep>(), Cancel));
        Assert.Equal(EngineErrorKind.Internal, refused.Kind);
        Assert.Contains("no space left", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(new ImageStore(_services.Database, _services.Content, _services.Layers, _services.Collector).List());
        Assert.Equal([_services.Root.EmptyLayer], Directory.GetFileSystemEntries(_services.Root.Snapshots));

        TestShell.Run($"mount -o remount,size=44m {_folder}");
        await puller.PullAsync(request, new Progress<PullStep>(), Cancel);
        var found = new List<CheckFinding>();
        await new StoreCheck(_services.Database, _services.Content, _services.Layers, _services.Check, _services.Collector).RunAsync(repair: false, found.Add, Cancel);
        Assert.Empty(found);
    }

    [Fact]
    public async Task ABlobThatIsTooLargeIsRefusedBeforeItIsFetched()
    {
        await using (Lease lease = await Lease.CreateAsync(_services.Database, "test", Cancel))
        {
            await using PartialBlob blob = await _services.Content.JoinAsync(Digest.Of("x"u8), 5_000_000, lease, null, Cancel);
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync((_, _) => throw new InvalidOperationException("fetched"), Cancel));
            Assert.Contains("no space is left for its 5000000 bytes", refused.Message, StringComparison.Ordinal);
        }

        await NothingIsLeftAsync();
    }

    // Of the kind that a pull's is, with the way out and without the store's inner paths.
    private void Told(EngineException refused)
    {
        Assert.Equal(EngineErrorKind.Internal, refused.Kind);
        Assert.Contains("no space left", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("free some", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_services.Root.Ingests, refused.Message, StringComparison.Ordinal);
    }

    private async Task NothingIsLeftAsync()
    {
        var found = new List<CheckFinding>();
        await new StoreCheck(_services.Database, _services.Content, _services.Layers, _services.Check, _services.Collector).RunAsync(repair: false, found.Add, Cancel);
        Assert.Empty(found);
        foreach (string folder in (string[])[_services.Root.Blobs, _services.Root.Ingests, _services.Root.Partials, _services.Root.Trash])
        {
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }

        Assert.Equal([_services.Root.EmptyLayer], Directory.GetFileSystemEntries(_services.Root.Snapshots));
        Assert.False(_services.Database.Read(s => s.Any("SELECT 1 FROM leases UNION ALL SELECT 1 FROM images UNION ALL SELECT 1 FROM layers")));
    }

    private static async Task SmallFitsAsync(ImageStore store)
    {
        byte[] layer = ArchiveBuilder.Layer("small", "x");
        await store.LoadAsync(
            new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layer)).File("l", layer).File("manifest.json", """[{"Config":"c","RepoTags":["small:1"],"Layers":["l"]}]""").Build(),
            new Progress<string>(), Cancel);
        Assert.NotNull(store.Find("small:1"));
    }
}
