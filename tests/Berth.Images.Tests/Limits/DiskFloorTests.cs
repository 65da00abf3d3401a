using Berth.Images.Limits;
using Berth.Linux.Files;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage.Database;
using Berth.Storage.Leases;

namespace Berth.Images.Tests.Limits;

public sealed class DiskFloorTests : IDisposable
{
    private const int LayerSize = 100_000;

    private readonly TestImages _images = new();
    private readonly List<string> _log = [];
    private readonly List<string> _events = [];

    private BerthDatabase Database => _images.Root.Services.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task WithoutLimitsNothingGoes()
    {
        await LoadAsync("a");
        Assert.Empty(await Floor(null).ApplyAsync([]));
        Assert.Single(_images.Store.List());
    }

    [Fact]
    public async Task WhatWasUsedLongestAgoGoesUntilTheCapHolds()
    {
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            await LoadAsync(name);
        }

        await _images.Store.TagAsync("a:1", ImageReference.Parse("again"), Cancel); // used just now
        DiskFloor floor = Floor(null);
        long each = floor.Taken() / 4;
        floor = Floor(2 * each);
        Assert.Equal([await IdAsync("b"), await IdAsync("c")], await floor.ApplyAsync([]));
        Assert.Equal(["a:1", "again:latest", "d:1"], _images.Store.List().SelectMany(i => i.RepoTags).Order());
        Assert.InRange(floor.Taken(), 1, 2 * each);
        Assert.Equal(["untag", "delete", "untag", "delete"], _events);
        Assert.Equal(2, _log.Count);
        Assert.Contains("(b:1, last used 20", _log[0], StringComparison.Ordinal);
        Assert.Empty(await floor.ApplyAsync([])); // exact: not one image more
    }

    [Fact]
    public async Task WhatIsInUseStaysAndIsToldOf()
    {
        Digest used = await LoadAsync("used");
        await LoadAsync("leased");
        await LoadAsync("new");
        await Database.WriteAsync(
            t => t.Execute("INSERT INTO containers (id, name, image, phase, document, state, created) VALUES ('c', 'c', @image, 'exited', '{}', '{}', 0)", ("@image", used.ToString())), Cancel);
        Digest leased = await IdAsync("leased");
        await using Lease lease = await Lease.CreateAsync(Database, "test", Cancel);
        await Database.WriteAsync(t => lease.Keep(t, LeasedKind.Blob, leased.ToString()), Cancel);
        Assert.Empty(await Floor(1).ApplyAsync([await IdAsync("new")]));
        Assert.Equal(3, _images.Store.List().Count);
        Assert.Contains("more than the 1 that --image-cap allows, and no image is left that is not in use", Assert.Single(_log), StringComparison.Ordinal);
    }

    /// <summary>A layer that others need stays, and its bytes are not counted as won.</summary>
    [Fact]
    public async Task SharedLayersStayWithTheImagesThatNeedThem()
    {
        byte[] shared = Layer("shared"), own = Layer("own");
        await LoadAsync("small", shared);
        await LoadAsync("large", shared, own);
        DiskFloor floor = Floor(Floor(null).Taken() - 1);
        await floor.ApplyAsync([]);
        Assert.Equal(["large:1"], _images.Store.List().SelectMany(i => i.RepoTags));
    }

    [Fact]
    public async Task TheFreeSpaceFloorIsOfTheDisk()
    {
        await LoadAsync("a");
        await LoadAsync("b");
        Assert.Empty(await new DiskFloor(_images.Root.Root, Database, _images.Root.Services.Content, _images.Root.Services.Collector, new DiskLimits(null, 1), null, _log.Add).ApplyAsync([]));
        long more = FileSpace.Free(_images.Root.Root.Data) + (1L << 40);
        var all = new DiskFloor(_images.Root.Root, Database, _images.Root.Services.Content, _images.Root.Services.Collector, new DiskLimits(null, more), null, _log.Add);
        Assert.Equal(2, (await all.ApplyAsync([])).Count);
        Assert.Contains("--free-space-floor", _log[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALoadAppliesItAndKeepsItsOwnImage()
    {
        await LoadAsync("a");
        DiskFloor floor = Floor(1);
        var store = new ImageStore(Database, _images.Root.Services.Content, _images.Root.Services.Layers, _images.Root.Services.Collector) { Floor = floor };
        await store.LoadAsync(Archive("b", Layer("b")), new Progress<string>(), Cancel);
        Assert.Equal(["b:1"], store.List().SelectMany(i => i.RepoTags));
    }

    private DiskFloor Floor(long? cap) => new(
        _images.Root.Root, Database, _images.Root.Services.Content, _images.Root.Services.Collector, new DiskLimits(cap, null), (_, action, _, _) => _events.Add(action), _log.Add);

    private async Task<Digest> LoadAsync(string name, params byte[][] layers) => (await _images.LoadAsync(Archive(name, layers.Length > 0 ? layers : [Layer(name)])))[0];

    private Task<Digest> IdAsync(string name) => Task.FromResult(Digest.Of(ArchiveBuilder.Config("amd64", Layer(name))));

    private static byte[] Layer(string name) => ArchiveBuilder.Layer(name, new string('x', LayerSize));

    private static MemoryStream Archive(string name, params byte[][] layers)
    {
        var archive = new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layers));
        for (int i = 0; i < layers.Length; i++)
        {
            archive.File($"l{i}", layers[i]);
        }

        string files = string.Join(',', layers.Select((_, i) => $"\"l{i}\""));
        return archive.File("manifest.json", $$"""[{"Config":"c","RepoTags":["{{name}}:1"],"Layers":[{{files}}]}]""").Build();
    }
}
