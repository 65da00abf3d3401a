using Berth.Api;
using Berth.Engine.Events;
using Berth.Engine.Volumes;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;
using Berth.Storage.Snapshots;

namespace Berth.Engine.Tests.Volumes;

public sealed class NamedVolumesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-volumes-").FullName;
    private readonly DataRoot _root;
    private readonly BerthDatabase _database;
    private readonly NamedVolumes _volumes;

    public NamedVolumesTests()
    {
        _root = new DataRoot(_folder, Path.Join(_folder, "run"));
        _root.Create();
        _database = BerthDatabase.Open(_root, Durable.None());
        _volumes = new NamedVolumes(_root, _database, new EventLog(_database), new Trash(_root, Durable.None()), Durable.None());
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task AVolumeIsMadeOnceAndRemoved()
    {
        Volume made = await _volumes.CreateAsync(new VolumeCreateRequest { Name = "data", Labels = new Dictionary<string, string> { ["a"] = "b" } }, default);
        Assert.True(Directory.Exists(made.Mountpoint));
        File.WriteAllText(Path.Join(made.Mountpoint, "x"), "kept");
        Volume again = await _volumes.CreateAsync(new VolumeCreateRequest { Name = "data" }, default);
        Assert.Equal(made.CreatedAt, again.CreatedAt);
        Assert.Equal("b", again.Labels!["a"]);
        Assert.Equal("kept", File.ReadAllText(Path.Join(again.Mountpoint, "x")));
        await _volumes.RemoveAsync("data", force: false, default);
        Assert.False(Directory.Exists(_root.Volume("data")));
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => _volumes.RemoveAsync("data", force: false, default));
        Assert.Equal("get data: no such volume", e.Message);
        await _volumes.RemoveAsync("data", force: true, default);
    }

    [Fact]
    public async Task AUsedVolumeStays()
    {
        await _volumes.CreateAsync(new VolumeCreateRequest { Name = "data" }, default);
        await _database.WriteAsync(
            t =>
            {
                Assert.True(Berth.Engine.Containers.ContainerRows.TryInsert(t, Samples.Record()));
                VolumeRows.Use(t, Samples.Id, "data");
            },
            default);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => _volumes.RemoveAsync("data", force: true, default));
        Assert.Equal($"remove data: volume is in use - [{Samples.Id}]", e.Message);
        Assert.Equal(EngineErrorKind.Conflict, e.Kind);
        Assert.Empty((await _volumes.PruneAsync(new Filters(new Dictionary<string, IReadOnlyList<string>> { ["all"] = ["true"] }), default)).Deleted);
        await _database.WriteAsync(t => Berth.Engine.Containers.ContainerRows.Delete(t, Samples.Id), default);
        await _volumes.RemoveAsync("data", force: false, default);
    }

    [Fact]
    public async Task PruneTakesAnonymousOnesAndAllOnDemand()
    {
        await _volumes.CreateAsync(new VolumeCreateRequest { Name = "named" }, default);
        Volume anonymous = await _volumes.CreateAsync(new VolumeCreateRequest(), default);
        File.WriteAllText(Path.Join(anonymous.Mountpoint, "x"), "1234567");
        VolumePruneResult pruned = await _volumes.PruneAsync(Filters.None, default);
        Assert.Equal([anonymous.Name!], pruned.Deleted);
        Assert.Equal(7, pruned.SpaceReclaimed);
        Assert.Equal(["named"], (await _volumes.PruneAsync(new Filters(new Dictionary<string, IReadOnlyList<string>> { ["all"] = ["1"] }), default)).Deleted);
    }

    [Fact]
    public async Task ListsAreFiltered()
    {
        await _volumes.CreateAsync(new VolumeCreateRequest { Name = "one", Labels = new Dictionary<string, string> { ["a"] = "b" } }, default);
        await _volumes.CreateAsync(new VolumeCreateRequest { Name = "two" }, default);
        Assert.Equal(["one", "two"], await ListAsync("driver", "local"));
        Assert.Equal(["two"], await ListAsync("name", "tw"));
        Assert.Equal(["one"], await ListAsync("label", "a=b"));
        Assert.Equal([], await ListAsync("dangling", "false"));
        await Assert.ThrowsAsync<EngineException>(() => ListAsync("nope", "x"));
    }

    [Theory]
    [InlineData("../up", null)]
    [InlineData("x", null)]
    [InlineData("good", "nfs")]
    public async Task BadOnesAreRefused(string name, string? driver)
    {
        await Assert.ThrowsAsync<EngineException>(() => _volumes.CreateAsync(new VolumeCreateRequest { Name = name, Driver = driver }, default));
        Assert.Empty((await _volumes.ListAsync(Filters.None, default)).Volumes!);
    }

    private async Task<IEnumerable<string>> ListAsync(string key, string value) =>
        (await _volumes.ListAsync(new Filters(new Dictionary<string, IReadOnlyList<string>> { [key] = [value] }), default)).Volumes!.Select(v => v.Name!);
}
