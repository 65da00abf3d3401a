using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Layers;

namespace Berth.Images.Tests.Commit;

public sealed class CommitTests : IAsyncLifetime
{
    private readonly TestImages _images = new();

    public async ValueTask InitializeAsync()
    {
        await using FileStream busybox = BusyboxImage.Open();
        await _images.LoadAsync(busybox);
    }

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AnImageHasWhatTheContainerHad()
    {
        TestContainer container = await TestContainer.MakeAsync(
            _images, "busybox", "mkdir -p srv/a; echo x >srv/a/x; ln srv/a/x srv/y; rm bin/vi; chmod 1777 srv; rm -rf etc/network; mknod srv/n c 1 3; setcap cap_chown+ep srv/y");
        List<string> seen = await container.SeenAsync();
        ImageRecord made = await container.CommitAsync("made:1", comment: "why", config: new ImageConfig { Cmd = ["run"] });

        Assert.Equal(seen, await TestContainer.SeenAsync(_images, made));
        Assert.Equal(2, made.Config.RootFs!.DiffIds.Count);
        Assert.Equal(container.Image.Config.RootFs!.DiffIds[0], made.Config.RootFs.DiffIds[0]);
        Assert.Equal(["made:1"], made.RepoTags);
        Assert.Equal(container.Image.Id, made.Parent);
        Assert.Equal(("me", "why", "sh", null), (made.Config.Author, made.Config.Comment, made.Config.History![^1].CreatedBy, made.Config.History[^1].EmptyLayer));
        Assert.Equal(["run"], made.Config.Config!.Cmd);
        Assert.Equal(1, container.TimesRead);
        Assert.InRange(made.Size - container.Image.Size, 1, 100);
    }

    [Fact]
    public async Task AMegabyteOverALargeImageIsALayerOfAMegabyte()
    {
        TestContainer large = await TestContainer.MakeAsync(_images, "busybox", "head -c 100000000 /dev/zero >big");
        await large.CommitAsync("large");
        TestContainer container = await TestContainer.MakeAsync(_images, "large", "head -c 1000000 /dev/urandom >more");
        ImageRecord made = await container.CommitAsync("more");
        LayerBlob blob = _images.Root.Services.Layers.SourceOf(made.Chain!.Value).Blob;
        Assert.Equal(MediaTypes.Layer, blob.MediaType);
        Assert.InRange(_images.Root.Services.Content.Find(blob.Digest)!.Size, 1_000_000, 1_010_000);
    }

    [Fact]
    public async Task TheOldImageOfANameLosesIt()
    {
        ImageRecord first = await (await TestContainer.MakeAsync(_images, "busybox", "echo 1 >one")).CommitAsync("name");
        ImageRecord second = await (await TestContainer.MakeAsync(_images, "busybox", "echo 2 >two")).CommitAsync("name");
        Assert.Equal(second.Id, _images.Store.Resolve("name").Id);
        Assert.Empty(_images.Store.Find(first.Id)!.RepoTags);
    }

    [Fact]
    public async Task NothingChangedAddsNoLayer()
    {
        TestContainer container = await TestContainer.MakeAsync(_images, "busybox", "true");
        ImageRecord made = await container.CommitAsync(null);
        Assert.Equal(container.Image.Chain, made.Chain);
        Assert.True(made.Config.History![^1].EmptyLayer);
        Assert.NotEqual(container.Image.Id, made.Id);
    }

    [Fact]
    public async Task SquashingDropsWhatWasDeleted()
    {
        await (await TestContainer.MakeAsync(_images, "busybox", "head -c 3000000 /dev/urandom >secret; echo a >kept")).CommitAsync("two");
        TestContainer container = await TestContainer.MakeAsync(_images, "two", "rm secret; rm bin/vi; echo b >kept");
        List<string> seen = await container.SeenAsync();

        ImageRecord whole = await container.CommitAsync("whole", kept: 0);
        Assert.Equal(seen, await TestContainer.SeenAsync(_images, whole));
        Assert.Single(whole.Config.RootFs!.DiffIds);
        Assert.Single(whole.Config.History!, h => h.EmptyLayer != true);

        ImageRecord above = await container.CommitAsync("above", kept: 1);
        Assert.Equal(seen, await TestContainer.SeenAsync(_images, above));
        Assert.Equal([container.Image.Config.RootFs!.DiffIds[0]], above.Config.RootFs!.DiffIds.SkipLast(1));
        Assert.InRange(_images.Root.Services.Content.Find(_images.Root.Services.Layers.SourceOf(above.Chain!.Value).Blob.Digest)!.Size, 1, 20_000);
        await Assert.ThrowsAsync<EngineException>(() => container.CommitAsync("more", kept: 3));
    }

    [Fact]
    public async Task WhatCannotBeInALayerIsRefusedAndLeavesNothing()
    {
        TestContainer container = await TestContainer.MakeAsync(_images, "busybox", "echo x >.wh.file");
        string before = Rows();
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => container.CommitAsync("name"));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains("/.wh.file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Rows());
        Assert.Equal(1, container.TimesRead);
        Assert.Empty(Directory.GetFiles(_images.Root.Root.Ingests));
    }

    [Fact]
    public async Task AContainerRemovedMeanwhileIsNoImage()
    {
        TestContainer container = await TestContainer.MakeAsync(_images, "busybox", "echo x >file");
        await _images.Root.Services.Snapshots.RemoveAsync(container.Key, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<EngineException>(() => container.CommitAsync("name"));
        Assert.Null(_images.Store.Find("name"));
    }

    [Fact]
    public async Task AParentThatWasRemovedIsNotShown()
    {
        ImageRecord below = await (await TestContainer.MakeAsync(_images, "busybox", "echo 1 >one")).CommitAsync("below");
        ImageRecord made = await (await TestContainer.MakeAsync(_images, "below", "echo 2 >two")).CommitAsync("made");
        Assert.Equal(below.Id, made.Parent);
        await _images.Store.RemoveAsync("below", force: true, keepParents: false, TestContext.Current.CancellationToken);
        Assert.Null(_images.Store.Resolve("made").Parent);
        Assert.Contains(await TestContainer.SeenAsync(_images, made), l => l.StartsWith("one ", StringComparison.Ordinal));
    }

    private string Rows() => _images.Root.Services.Database.Read(s =>
        $"{s.Number("SELECT count(*) FROM snapshots")} {s.Number("SELECT count(*) FROM layers")} {s.Number("SELECT count(*) FROM blobs")} {s.Number("SELECT count(*) FROM images")}");
}
