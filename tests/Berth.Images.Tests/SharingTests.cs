using Berth.Oci.Digests;

namespace Berth.Images.Tests;

/// <summary>Shared and unique sizes, and prunes by them.</summary>
public sealed class SharingTests : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly byte[] _base = ArchiveBuilder.Layer("base", new string('b', 1000));
    private readonly byte[] _left = ArchiveBuilder.Layer("left", new string('l', 200));
    private readonly byte[] _right = ArchiveBuilder.Layer("right", new string('r', 30));
    private readonly byte[] _alone = ArchiveBuilder.Layer("alone", "4444");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _images.LoadAsync(new ArchiveBuilder()
        .File("1", ArchiveBuilder.Config("amd64", _base, _left)).File("2", ArchiveBuilder.Config("amd64", _base, _right)).File("3", ArchiveBuilder.Config("amd64", _alone))
        .File("b", _base).File("l", _left).File("r", _right).File("a", _alone)
        .File("manifest.json", """
            [{"Config":"1","RepoTags":["left:1","left:2"],"Layers":["b","l"]},{"Config":"2","RepoTags":["right:1"],"Layers":["b","r"]},{"Config":"3","RepoTags":[],"Layers":["a"]}]
            """).Build());

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ALayerOfSeveralImagesIsShared()
    {
        ImageSharing sharing = _images.Store.Sharing();
        Assert.Equal((1234, 1234), (sharing.Total, sharing.Unused));
        Assert.Equal([1000, 1000, 0], [.. Ids().Select(sharing.SharedBy)]);
        Assert.Equal(0, sharing.SharedBy(Digest.Of("unknown"u8)));
        await ContainerAsync(Ids()[0]);
        Assert.Equal(34, _images.Store.Sharing().Unused);
    }

    [Fact]
    public async Task APruneTakesWhatHasNoTag()
    {
        (IReadOnlyList<ImageRemoval> removed, long reclaimed) = await _images.Store.PruneAsync(dangling: true, _ => true, Cancel);
        Assert.Equal([new ImageRemoval(null, Ids()[2].ToString()), new ImageRemoval(null, Digest.Of(_alone).ToString())], removed);
        Assert.Equal(4, reclaimed);
        Assert.Equal(2, _images.Store.List().Count);
    }

    [Fact]
    public async Task APruneOfAllTakesWhatNoContainerUses()
    {
        await ContainerAsync(Ids()[1]);
        (IReadOnlyList<ImageRemoval> removed, long reclaimed) = await _images.Store.PruneAsync(dangling: false, _ => true, Cancel);
        Assert.Equal(["left:1", "left:2"], removed.Where(r => r.Untagged is not null).Select(r => r.Untagged));
        Assert.Equal(204, reclaimed); // the base is the other's too
        Assert.Equal(["right:1"], _images.Store.List().SelectMany(i => i.RepoTags));
    }

    [Fact]
    public async Task APruneTakesOnlyWhatIsWanted()
    {
        Assert.Empty((await _images.Store.PruneAsync(dangling: false, i => i.Labels.Count > 0, Cancel)).Removed);
        Assert.Equal(3, _images.Store.List().Count);
    }

    private Digest[] Ids() =>
        [Digest.Of(ArchiveBuilder.Config("amd64", _base, _left)), Digest.Of(ArchiveBuilder.Config("amd64", _base, _right)), Digest.Of(ArchiveBuilder.Config("amd64", _alone))];

    private Task ContainerAsync(Digest image) => _images.Root.Services.Database.WriteAsync(
        t => t.Execute("INSERT INTO containers (id, name, image, phase, document, state, created) VALUES ('c', 'c', @image, 'exited', '{}', '{}', 0)", ("@image", image.ToString())), Cancel);
}
