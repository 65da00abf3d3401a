using Berth.Images.Check;
using Berth.Oci.Digests;
using Berth.Storage.Check;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Images.Tests.Check;

/// <summary>Damage of every kind, done by hand: found, named and repaired.</summary>
public sealed class StoreCheckTests : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly List<string> _events = [];
    private readonly byte[] _base = new TarBuilder().Folder("d").File("d/base", "content").Symlink("link", "d/base").Build();
    private readonly byte[] _top = ArchiveBuilder.Layer("top", "2");
    private Digest _upper;

    private Storage.StorageServices Services => _images.Root.Services;

    private string BaseFolder => Services.Layers.FilesOf(new ChainId(Digest.Of(_base)));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        byte[] lower = ArchiveBuilder.Config("amd64", _base);
        byte[] upper = ArchiveBuilder.Config("amd64", _base, _top);
        _upper = Digest.Of(upper);
        await _images.LoadAsync(new ArchiveBuilder().File("1", lower).File("2", upper).File("b", _base).File("t", _top)
            .File("manifest.json", """[{"Config":"1","RepoTags":["lower:1"],"Layers":["b"]},{"Config":"2","RepoTags":["upper:1"],"Layers":["b","t"]}]""").Build());
    }

    public ValueTask DisposeAsync()
    {
        _images.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WhatIsWholeIsReportedAsWhole()
    {
        (CheckSummary summary, List<CheckFinding> found) = await CheckAsync(repair: false);
        Assert.Empty(found);
        Assert.Equal((4, 2, 2, 0), (summary.Blobs, summary.Layers, summary.Images, summary.Found));
        Assert.Equal(2, Directory.GetDirectories(_images.Root.Root.Snapshots).Length - 1); // nothing of the comparison is left
        Assert.False(Services.Database.Read(s => s.Any("SELECT 1 FROM leases")));
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "echo changed >$F/d/base", "d/base: has 8 bytes, not 7" },
        { "touch -r $F/d/base $F/../t; printf cONTENT >$F/d/base; touch -r $F/../t $F/d/base; rm $F/../t", "d/base: has other bytes" },
        { "touch $F/d/base", "d/base: has another time" },
        { "chmod 600 $F/d/base", "d/base: has the mode 600, not 644" },
        { "chown 5:6 $F/d/base", "d/base: belongs to 5:6, not 0:0" },
        { "python3 -c 'import os,sys; os.setxattr(sys.argv[1], b\"trusted.overlay.opaque\", b\"y\")' $F/d", "d: has other extended attributes" },
        { "rm $F/d/base", "d/base: is missing" },
        { "touch $F/d/zzz", "d/zzz: is there, and should not be" },
        { "ln $F/d/base $F/../t && ln $F/../t $F/../u", "d/base: has 3 links, not 1" },
        { "rm $F/d/base && mkdir $F/d/base", "d/base: is of another type" },
        { "ln -sfn d/basf $F/link", "link: " },
        { "rm -r $F", "its folder is missing" },
        { "rm -r $(dirname $F)", "its folder is missing" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task ADamagedLayerIsFoundAndUnpackedAgain(string damage, string problem)
    {
        string folder = BaseFolder;
        List<string> before = TreePrint.Of(folder);
        TestShell.Run(damage.Replace("$F", folder, StringComparison.Ordinal));
        (_, List<CheckFinding> found) = await CheckAsync(repair: false);
        CheckFinding finding = Assert.Single(found);
        Assert.Equal((CheckedKind.Layer, Digest.Of(_base).ToString(), false), (finding.Kind, finding.Name, finding.IsRepaired));
        Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);

        (CheckSummary summary, found) = await CheckAsync(repair: true);
        Assert.Equal((1, 1), (summary.Found, summary.Repaired));
        Assert.Equal("unpacked again", Assert.Single(found).Outcome);
        Assert.Equal(before.Skip(1), TreePrint.Of(BaseFolder).Skip(1));
        Assert.Empty((await CheckAsync(repair: false)).Found);
        Assert.NotNull(_images.Store.Find("upper:1"));
    }

    [Fact]
    public async Task ALayerUnderARunningContainerIsLeftAlone()
    {
        await ContainerAsync("running");
        File.WriteAllText(Path.Join(BaseFolder, "stray"), "");
        (_, List<CheckFinding> found) = await CheckAsync(repair: true);
        Assert.Contains("container web runs on it", Assert.Single(found).Outcome, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Join(BaseFolder, "stray")));
        await Services.Database.WriteAsync(t => t.Execute("UPDATE containers SET phase = 'exited'"), Cancel);
        (_, found) = await CheckAsync(repair: true);
        Assert.True(Assert.Single(found).IsRepaired);
    }

    [Fact]
    public async Task ADamagedConfigTakesItsImageAndNoOther()
    {
        Flip(_images.Root.Root.Blob(_upper));
        (_, List<CheckFinding> found) = await CheckAsync(repair: false);
        Assert.Equal(("upper:1", false), (found[0].Name, found[0].IsRepaired));
        Assert.Equal((CheckedKind.Blob, _upper.ToString()), (found[1].Kind, found[1].Name));
        (CheckSummary summary, found) = await CheckAsync(repair: true);
        Assert.All(found, f => Assert.True(f.IsRepaired));
        Assert.Equal(2, summary.Repaired);
        Assert.Equal(["untag", "delete"], _events);
        Assert.Null(_images.Store.Find("upper:1"));
        Assert.NotNull(_images.Store.Find("lower:1"));
        Assert.Empty((await CheckAsync(repair: false)).Found);
    }

    [Fact]
    public async Task ADamagedArchiveOfALayerTakesTheImagesOnIt()
    {
        File.Delete(_images.Root.Root.Blob(Digest.Of(_base)));
        (_, List<CheckFinding> found) = await CheckAsync(repair: true);
        Assert.Equal(["lower:1", "upper:1"], found.Where(f => f.Kind == CheckedKind.Image).Select(f => f.Name).Order());
        Assert.Empty((await CheckAsync(repair: false)).Found);
        Assert.Empty(_images.Store.List());
        Assert.Empty(Directory.GetFiles(_images.Root.Root.Blobs));
    }

    [Fact]
    public async Task AnImageOfAContainerIsKeptAndTheContainerNamed()
    {
        await ContainerAsync("exited");
        Flip(_images.Root.Root.Blob(Digest.Of(_top)));
        (_, List<CheckFinding> found) = await CheckAsync(repair: true);
        Assert.Contains("container web uses it", found[0].Outcome, StringComparison.Ordinal);
        Assert.NotNull(_images.Store.Find("upper:1"));
    }

    [Fact]
    public async Task LeftoversAreRemoved()
    {
        string blob = _images.Root.Root.Blob(Digest.Of("stray"u8));
        string folder = _images.Root.Root.Snapshot(4711);
        File.WriteAllText(blob, "stray");
        Directory.CreateDirectory(folder);
        (_, List<CheckFinding> found) = await CheckAsync(repair: false);
        Assert.Equal([blob, folder], found.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(blob));
        await CheckAsync(repair: true);
        Assert.False(File.Exists(blob) || Directory.Exists(folder));
    }

    [Fact]
    public async Task RowsThatDoNotFitAreFoundAndMended()
    {
        await Services.Database.WriteAsync(
            t =>
            {
                t.Execute("UPDATE layers SET size = 5000 WHERE chain_id = @chain", ("@chain", Digest.Of(_base).ToString()));
                t.Execute("UPDATE images SET size = size + 4987"); // 7 and the symlink's 6
                t.Execute("PRAGMA defer_foreign_keys=ON");
            },
            Cancel);
        TestShell.Run($"sqlite3 {_images.Root.Root.DatabaseFile} \"INSERT INTO tags VALUES ('docker.io/library/ghost:1', 'sha256:gone', 'docker.io/library/ghost', 0)\"");
        (_, List<CheckFinding> found) = await CheckAsync(repair: false);
        Assert.Contains(found, f => f.Name.Contains("ghost", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Problem.Contains("recorded size is 5000 bytes, not 13", StringComparison.Ordinal));
        await CheckAsync(repair: true);
        Assert.Empty((await CheckAsync(repair: false)).Found);
        Assert.Equal([13, 14], _images.Store.List().Select(i => i.Size).Order());
    }

    [Fact]
    public async Task ImagesComeAndGoMeanwhile()
    {
        using var stop = new CancellationTokenSource();
        Task churn = Task.Run(
            async () =>
            {
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    byte[] layer = ArchiveBuilder.Layer("f", $"{i}");
                    await _images.LoadAsync(new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layer)).File("l", layer)
                        .File("manifest.json", """[{"Config":"c","RepoTags":["churn:1"],"Layers":["l"]}]""").Build());
                    await _images.Store.RemoveAsync("churn:1", force: true, keepParents: false, Cancel);
                }
            },
            Cancel);
        for (int i = 0; i < 10; i++)
        {
            Assert.Empty((await CheckAsync(repair: i % 2 == 0)).Found);
        }

        await stop.CancelAsync();
        await churn;
        Assert.Empty((await CheckAsync(repair: false)).Found);
    }

    private async Task<(CheckSummary Summary, List<CheckFinding> Found)> CheckAsync(bool repair)
    {
        var found = new List<CheckFinding>();
        var check = new StoreCheck(Services.Database, Services.Content, Services.Layers, Services.Check, Services.Collector, (_, action, _, _) => _events.Add(action));
        return (await check.RunAsync(repair, found.Add, Cancel), found);
    }

    // A container of the upper image, as far as rows go.
    private async Task ContainerAsync(string phase)
    {
        await using Lease lease = await Lease.CreateAsync(Services.Database, "test", Cancel);
        await Services.Snapshots.PrepareAsync(new SnapshotKey("web"), ChainId.Of([Digest.Of(_base), Digest.Of(_top)]), SnapshotDurability.Durable, lease, Cancel);
        await Services.Database.WriteAsync(
            t => t.Execute(
                "INSERT INTO containers (id, name, image, phase, document, state, created) VALUES ('web', 'web', @image, @phase, '{}', '{}', 0)",
                ("@image", _upper.ToString()), ("@phase", phase)),
            Cancel);
    }

    private static void Flip(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
