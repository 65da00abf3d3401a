using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;

namespace Berth.Images.Tests;

/// <summary>Names and removal, by Docker's rules and in its words.</summary>
public sealed class RemovalTests : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly byte[] _base = ArchiveBuilder.Layer("base", "1");
    private readonly byte[] _top = ArchiveBuilder.Layer("top", "2");
    private Digest _lower;
    private Digest _upper;

    private ImageStore Store => _images.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two images, the second on the layer of the first.</summary>
    public async ValueTask InitializeAsync()
    {
        byte[] lower = ArchiveBuilder.Config("amd64", _base);
        byte[] upper = ArchiveBuilder.Config("amd64", _base, _top);
        (_lower, _upper) = (Digest.Of(lower), Digest.Of(upper));
        await _images.LoadAsync(new ArchiveBuilder().File("1", lower).File("2", upper).File("b", _base).File("t", _top)
            .File("manifest.json", """[{"Config":"1","RepoTags":["lower:1"],"Layers":["b"]},{"Config":"2","RepoTags":["upper:1"],"Layers":["b","t"]}]""").Build());
    }

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task TheLastNameTakesTheImageAndTheLayersOnlyItHad()
    {
        ChainId top = ChainId.Of([Digest.Of(_base), Digest.Of(_top)])!.Value;
        Assert.Equal([Untagged("upper:1"), Deleted(_upper), new ImageRemoval(null, top.ToString())], await RemoveAsync("upper:1"));
        Assert.Null(Store.Find("upper:1"));
        Assert.Equal([Untagged("lower:1"), Deleted(_lower), new ImageRemoval(null, Digest.Of(_base).ToString())], await RemoveAsync("lower:1"));
        Assert.Empty(Directory.GetFiles(_images.Root.Root.Blobs));
        Assert.Equal([_images.Root.Root.EmptyLayer], Directory.GetFileSystemEntries(_images.Root.Root.Snapshots));
    }

    [Fact]
    public async Task OneOfSeveralNamesIsOnlyUntagged()
    {
        await Store.TagAsync("upper:1", ImageReference.Parse("second"), Cancel);
        Assert.Equal(["second:latest", "upper:1"], Store.Resolve("second").RepoTags);
        Assert.Equal([Untagged("second:latest")], await RemoveAsync("second"));
        Assert.NotNull(Store.Find("upper:1"));
    }

    [Fact]
    public async Task AnIdOfSeveralRepositoriesNeedsForce()
    {
        await Store.TagAsync("upper:1", ImageReference.Parse("second"), Cancel);
        await ConflictAsync(_upper.Short, false, $"unable to delete {_upper.Short} (must be forced) - image is referenced in multiple repositories");
        IReadOnlyList<ImageRemoval> removed = await Store.RemoveAsync(_upper.Short, force: true, keepParents: false, Cancel);
        Assert.Equal([Untagged("second:latest"), Untagged("upper:1"), Deleted(_upper)], removed.Take(3));
    }

    [Theory]
    [InlineData("linux/arm64")]
    [InlineData("linux/arm64 linux/arm/v7")]
    [InlineData("windows/amd64")]
    [InlineData("linux/amd64/v3")] // runs there too, but is not it
    public async Task WhatIsForNoneOfThePlatformsStays(string platforms)
    {
        Platform[] named = Platforms(platforms);
        foreach (string name in (string[])["upper:1", _upper.Short])
        {
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => Store.RemoveAsync(name, named, force: true, keepParents: false, Cancel));
            Assert.Equal(EngineErrorKind.NotFound, refused.Kind);
            Assert.Contains($"was found but is for linux/amd64: there is nothing of it for {string.Join(", ", named.Select(p => p.ToString()))}", refused.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(Store.Find("upper:1"));
    }

    [Theory]
    [InlineData("linux/amd64")]
    [InlineData("linux/arm64 linux/x86_64")]
    public async Task WhatIsForOneOfThePlatformsGoes(string platforms)
    {
        IReadOnlyList<ImageRemoval> removed = await Store.RemoveAsync("upper:1", Platforms(platforms), force: false, keepParents: false, Cancel);
        Assert.Equal([Untagged("upper:1"), Deleted(_upper)], removed.Take(2));
        Assert.Null(Store.Find("upper:1"));
    }

    private static Platform[] Platforms(string texts) =>
        [.. texts.Split(' ').Select(t => PlatformSpecifier.Parse(t, new Platform { Os = "linux", Architecture = "amd64" })!)];

    [Fact]
    public async Task AnIdOfOneNameNeedsNone()
    {
        Assert.Equal([Untagged("upper:1"), Deleted(_upper)], (await RemoveAsync(_upper.ToString())).Take(2));
    }

    [Fact]
    public async Task AStoppedContainerStandsInTheWayUntilForcedAndKeepsItsLayers()
    {
        await ContainerAsync("c0ffee000000aaaa", "exited");
        await ConflictAsync("upper:1", false, "unable to remove repository reference \"upper:1\" (must force) - container c0ffee000000 is using its referenced image " + _upper.Short);
        await ConflictAsync(_upper.Short, false, $"unable to delete {_upper.Short} (must be forced) - image is being used by stopped container c0ffee000000");
        IReadOnlyList<ImageRemoval> removed = await Store.RemoveAsync("upper:1", force: true, keepParents: false, Cancel);
        Assert.Equal([Untagged("upper:1"), Deleted(_upper)], removed);
        await _images.Root.Services.Snapshots.MountAsync(new SnapshotKey("c0ffee000000aaaa"), Cancel);
        Assert.Equal(2, _images.Root.Services.Database.Read(s => s.Number("SELECT count(*) FROM layers")));
    }

    [Fact]
    public async Task ARunningContainerCannotBeForcedOver()
    {
        await ContainerAsync("beef00000000aaaa", "running");
        await ConflictAsync(_upper.Short, true, $"unable to delete {_upper.Short} (cannot be forced) - image is being used by running container beef00000000");
        Assert.Equal([Untagged("upper:1")], await Store.RemoveAsync("upper:1", force: true, keepParents: false, Cancel));
        Assert.NotNull(Store.Find(_upper));
    }

    [Fact]
    public async Task WhatIsMissingIsNamedWithItsTag()
    {
        EngineException missing = await Assert.ThrowsAsync<EngineException>(() => RemoveAsync("nothing"));
        Assert.Equal((EngineErrorKind.NotFound, "No such image: nothing:latest"), (missing.Kind, missing.Message));
        Assert.Equal("No such image: nothing:latest", Assert.Throws<EngineException>(() => Store.Resolve("nothing")).Message);
        Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => Store.Resolve("Not A Name")).Kind);
        Assert.Equal(EngineErrorKind.Invalid, Assert.Throws<EngineException>(() => Store.Resolve("../x")).Kind);
        await Assert.ThrowsAsync<EngineException>(() => Store.TagAsync("nothing", ImageReference.Parse("x"), Cancel));
        await Assert.ThrowsAsync<EngineException>(() => Store.TagAsync("upper:1", ImageReference.Parse($"x@{_upper}"), Cancel));
    }

    [Fact]
    public void ImagesAreFoundByNameIdAndItsBeginning()
    {
        foreach (string name in (string[])["upper:1", "docker.io/library/upper:1", _upper.ToString(), _upper.Hex, _upper.Short, $"sha256:{_upper.Short}", _upper.Hex[..4]])
        {
            Assert.Equal(_upper, Store.Resolve(name).Id);
        }

        Assert.Null(Store.Find("upper"));
    }

    [Fact]
    public void TheListHasAllAndTheirSizes()
    {
        IReadOnlyList<ImageSummary> list = Store.List();
        Assert.Equal([("lower:1", 1L), ("upper:1", 2L)], list.Select(i => (i.RepoTags[0], i.Size)).Order());
    }

    [Fact]
    public async Task EveryChangeIsToldInsideItsTransaction()
    {
        var told = new List<string>();
        var store = new ImageStore(
            _images.Root.Services.Database, _images.Root.Services.Content, _images.Root.Services.Layers, _images.Root.Services.Collector,
            (t, action, id, name) =>
            {
                Assert.True(t.Number("SELECT count(*) FROM containers") == 0);
                told.Add($"{action} {name}");
            });
        await store.TagAsync("upper:1", ImageReference.Parse("x"), Cancel);
        await store.RemoveAsync("x", false, false, Cancel);
        await store.RemoveAsync("upper:1", false, false, Cancel);
        Assert.Equal(["tag x:latest", $"untag {_upper}", $"untag {_upper}", $"delete {_upper}"], told); // an untag tells whose name went
    }

    /// <summary>It comes by itself once; a user who removes it is rid of it.</summary>
    [Fact]
    public async Task TheBuiltInImageComesOnce()
    {
        await Store.EnsureBuiltInAsync("/nowhere", Cancel);
        Assert.Null(Store.Find("busybox"));
        await Store.EnsureBuiltInAsync(BusyboxImage.Archive, Cancel);
        Assert.NotNull(Store.Find("busybox"));
        await RemoveAsync("busybox");
        await Store.EnsureBuiltInAsync(BusyboxImage.Archive, Cancel);
        Assert.Null(Store.Find("busybox"));
    }

    private static ImageRemoval Untagged(string name) => new(name, null);

    private static ImageRemoval Deleted(Digest id) => new(null, id.ToString());

    private Task<IReadOnlyList<ImageRemoval>> RemoveAsync(string name) => Store.RemoveAsync(name, force: false, keepParents: false, Cancel);

    private async Task ConflictAsync(string name, bool force, string message)
    {
        EngineException conflict = await Assert.ThrowsAsync<EngineException>(() => Store.RemoveAsync(name, force, keepParents: false, Cancel));
        Assert.Equal((EngineErrorKind.Conflict, $"conflict: {message}"), (conflict.Kind, conflict.Message));
    }

    private async Task ContainerAsync(string id, string phase)
    {
        BerthDatabase database = _images.Root.Services.Database;
        await using Lease lease = await Lease.CreateAsync(database, "test", Cancel);
        await _images.Root.Services.Snapshots.PrepareAsync(new SnapshotKey(id), Store.Resolve("upper:1").Chain, SnapshotDurability.Durable, lease, Cancel);
        await database.WriteAsync(
            t => t.Execute(
                "INSERT INTO containers (id, name, image, phase, document, state, created) VALUES (@id, @id, @image, @phase, '{}', '{}', 0)",
                ("@id", id), ("@image", _upper.ToString()), ("@phase", phase)), Cancel);
    }
}
