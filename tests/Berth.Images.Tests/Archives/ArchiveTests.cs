using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Tar;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>Archives as nobody's program writes them today: old, odd, wrong.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly byte[] _one = ArchiveBuilder.Layer("one", "1");
    private readonly byte[] _two = ArchiveBuilder.Layer("two", "2");

    public void Dispose() => _images.Dispose();

    /// <summary>docker save of version 1.10 to 24: a layer that two images share is a link in the second.</summary>
    [Fact]
    public async Task LayersMayBeLinksWithinTheArchive()
    {
        byte[] config = ArchiveBuilder.Config("amd64", _one, _two, _one);
        await _images.LoadAsync(new ArchiveBuilder()
            .File("aaa/layer.tar", _one).File("aaa/VERSION", "1.0").File("aaa/json", "{}")
            .File("bbb/layer.tar", _two).Symlink("ccc/layer.tar", "../aaa/layer.tar")
            .File("config.json", config)
            .File("manifest.json", """[{"Config":"config.json","RepoTags":["old:1","old:2"],"Layers":["aaa/layer.tar","bbb/layer.tar","ccc/layer.tar"]}]""")
            .Build());
        Assert.Equal(["Loaded image: old:1", "Loaded image: old:2"], _images.Lines);
        ImageRecord image = _images.Store.Resolve("old:2");
        Assert.Equal((Digest.Of(config), 3L), (image.Id, image.Size));
        Assert.Equal(3, Count("layers"));
        Assert.Equal(3, Count("blobs")); // config, and each layer's bytes once
    }

    [Fact]
    public async Task AnImageWithoutNamesIsKnownByItsId()
    {
        byte[] config = ArchiveBuilder.Config("amd64", _one);
        await _images.LoadAsync(Docker(config, "null", "l", _one));
        Assert.Equal([$"Loaded image ID: {Digest.Of(config)}"], _images.Lines);
        Assert.NotNull(_images.Store.Find(Digest.Of(config).Short));
    }

    [Fact]
    public async Task ANameInUseMovesAndTheOldImageIsKeptWithoutIt()
    {
        byte[] first = ArchiveBuilder.Config("amd64", _one);
        await _images.LoadAsync(Docker(first, "[\"a:1\"]", "l", _one));
        await _images.LoadAsync(Docker(ArchiveBuilder.Config("amd64", _two), "[\"a:1\"]", "l", _two));
        Assert.Equal($"The image a:1 already exists, renaming the old one with ID {Digest.Of(first)} to empty string", _images.Lines[1]);
        Assert.Empty(_images.Store.Find(Digest.Of(first))!.RepoTags);
    }

    [Fact]
    public async Task AnImageWithoutATimeIsOfTheYearOne()
    {
        await _images.LoadAsync(Docker(ArchiveBuilder.Config("amd64", _one), "[\"a:1\"]", "l", _one));
        ImageSummary image = Assert.Single(_images.Store.List());
        Assert.Equal((DateTimeOffset.MinValue, null), (image.Created, _images.Store.Resolve("a:1").Config.Created));
    }

    [Fact]
    public async Task AnImageOfNoLayersIsAnImage()
    {
        byte[] config = ArchiveBuilder.Config("amd64");
        await _images.LoadAsync(new ArchiveBuilder().File("c", config).File("manifest.json", """[{"Config":"c","RepoTags":["scratch:1"],"Layers":null}]""").Build());
        ImageRecord image = _images.Store.Resolve("scratch:1");
        Assert.Null(image.Chain);
        Assert.Equal(0, image.Size);
    }

    /// <summary>Of an index the image for this machine is taken, whatever is listed before it; attestations are no images.</summary>
    [Fact]
    public async Task TheImageForThisMachineIsTaken()
    {
        var archive = new ArchiveBuilder();
        Descriptor index = archive.Index(
            [
                archive.Image("s390x", [_one]), archive.Image(Host, [_two]) with { },
                archive.Image("unknown", [_one]) with { Annotations = new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest" } },
            ],
            new Dictionary<string, string> { ["io.containerd.image.name"] = "docker.io/library/multi:1", ["org.opencontainers.image.ref.name"] = "1" });
        await _images.LoadAsync(archive.Layout(index));
        ImageRecord image = _images.Store.Resolve("multi:1");
        Assert.Equal(Host, image.Config.Architecture);
        Assert.Equal(["Loaded image: multi:1"], _images.Lines);
        Assert.Equal(image.RepoDigests, [$"multi@{ManifestOf(image)}"]);
    }

    [Fact]
    public async Task NestedIndexesArePassedThroughAndOneIndexOfAnotherMachineIsRefused()
    {
        var archive = new ArchiveBuilder();
        Descriptor nested = archive.Index([archive.Index([archive.Image(Host, [_one])])]);
        Assert.Single(await _images.LoadAsync(archive.Layout(nested)));

        var foreign = new ArchiveBuilder();
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => _images.LoadAsync(foreign.Layout(foreign.Index([foreign.Image("s390x", [_two])]))));
        Assert.Contains($"no image for linux/{Host}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndexesNestedWithoutEndAreRefused()
    {
        var archive = new ArchiveBuilder();
        Descriptor index = archive.Image(Host, [_one]);
        for (int i = 0; i < 20; i++)
        {
            index = archive.Index([index]);
        }

        await RefusedAsync(archive.Layout(index), "nested");
    }

    [Fact]
    public async Task PackedLayersAreKeptAsReceived()
    {
        var archive = new ArchiveBuilder();
        await _images.LoadAsync(archive.Layout(archive.Image(Host, [_one], new() { ["org.opencontainers.image.ref.name"] = "p:1" }, ArchiveBuilder.Gzip)));
        string blob = _images.Root.Services.Database.Read(s => s.First("SELECT blob || ' ' || media_type FROM layers", r => r.GetString(0))!);
        Assert.Equal($"{Digest.Of(ArchiveBuilder.Gzip(_one))} {MediaTypes.LayerGzip}", blob);
    }

    [Fact]
    public async Task ADamagedArchiveIsRefusedByNameAndLeavesNothing()
    {
        byte[] good = ArchiveBuilder.Config("amd64", _one);
        await RefusedAsync(Docker(good, "[\"a:1\"]", "l", _two), "is damaged");
        await RefusedAsync(Docker(good, "[\"a:1\"]", "other", _one), "no file for the layer");
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", _one, _two), "[\"a:1\"]", "l", _one), "2 layers by its config and 1 by its manifest");
        await RefusedAsync(Docker(good, "[\"a\"]", "l", _one), "has no tag");
        await RefusedAsync(Docker(good, "[\"A:1\"]", "l", _one), "lowercase");
        await RefusedAsync(Docker("{"u8.ToArray(), "[\"a:1\"]", "l", _one), "damaged");
        await RefusedAsync(Docker("{\"rootfs\":{\"diff_ids\":[\"x\"]}}"u8.ToArray(), "[\"a:1\"]", "l", _one), "not a SHA-256");
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", ArchiveBuilder.Gzip(_one)[..30]), "[\"a:1\"]", "l", ArchiveBuilder.Gzip(_one)[..30]), "cannot be unpacked");
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", _two), "[\"a:1\"]", "l", ArchiveBuilder.Gzip(_one)), "is damaged");
        byte[] long1 = new TarBuilder().Pax("path=" + new string('n', 300)).File("x", "").Build();
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", long1), "[\"a:1\"]", "l", long1), "ENAMETOOLONG");
        byte[] outside = new TarBuilder().HardLink("x", "/etc/passwd").Build();
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", outside), "[\"a:1\"]", "l", outside), "cannot be unpacked");
        byte[] huge = new TarBuilder().File("x", "", pax: "GNU.sparse.map=0,0\nGNU.sparse.size=9000000000000000000").Build();
        await RefusedAsync(Docker(ArchiveBuilder.Config("amd64", huge), "[\"a:1\"]", "l", huge), "cannot be unpacked");
        await RefusedAsync(new MemoryStream(huge), "sparse");
        await RefusedAsync(new ArchiveBuilder().File("manifest.json", "[{\"Config\":\"nowhere\"}]").Build(), "nowhere");
        await RefusedAsync(new ArchiveBuilder().File("manifest.json", "[{\"Config\":\"../../etc/passwd\"}]").Build(), "the archive is damaged: manifest.json names ../../etc/passwd,");
        await RefusedAsync(
            new ArchiveBuilder().File("c", good).File("manifest.json", "[{\"Config\":\"c\",\"Layers\":[\"a/../../l\"]}]").Build(), "the archive is damaged: manifest.json names a/../../l,");
        await RefusedAsync(Docker("{\"os\":\"windows\"}"u8.ToArray(), "[\"a:1\"]", "l", _one), "cannot load windows image on linux: a:1");
        await RefusedAsync(new ArchiveBuilder().File("manifest.json", "{}").Build(), "manifest.json is damaged: a value of another kind is expected (line 1)");
        await RefusedAsync(new ArchiveBuilder().File("manifest.json", [.. "[{\"Con"u8, 0xE5, .. "fig\":[]}]"u8]).Build(), "manifest.json is damaged: a name in it is not valid UTF-8");
        await RefusedAsync(new ArchiveBuilder().File("manifest.json", "[null]").Build(), "manifest.json is damaged: a value of another kind is expected at $[0]");
        await RefusedAsync(Docker(good, "[\"sha256:1\"]", "l", _one), "ambiguous");
        await RefusedAsync(new ArchiveBuilder().File("etc/passwd", "x").Build(), "holds no image");
        await RefusedAsync(new ArchiveBuilder().File("../../etc/passwd", "x").Build(), "leaves the archive's root");
        await RefusedAsync(new MemoryStream("no archive at all, but long enough to be one if it only had the right bytes in it".PadRight(1024).Select(c => (byte)c).ToArray()), "checksum");
        await RefusedAsync(new MemoryStream([]), "holds no image");
        await RefusedAsync(new MemoryStream([.. "BZh91AY"u8]), "cannot be read");
    }

    [Fact]
    public async Task ABlobThatIsNotWhatItsNameSaysIsRefused()
    {
        byte[] other = ArchiveBuilder.Config(Host, _two);
        var archive = new ArchiveBuilder();
        Descriptor manifest = archive.Image(Host, [_one]);
        archive.File($"blobs/sha256/{Digest.Of(ArchiveBuilder.Config(Host, _one)).Hex}", other);
        await RefusedAsync(archive.Layout(manifest), "damaged");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task ABlobOfAnotherSizeIsRefused(int by)
    {
        var archive = new ArchiveBuilder();
        Descriptor manifest = archive.Image(Host, [_one]);
        await RefusedAsync(archive.Layout(manifest with { Size = manifest.Size + by }), $"has {manifest.Size} bytes where {manifest.Size + by} are announced");
    }

    [Fact]
    public async Task TooManyLayersAreRefusedBeforeAnyWork()
    {
        byte[][] layers = [.. Enumerable.Repeat(_one, 501)];
        string list = string.Join(',', Enumerable.Repeat("\"l\"", 501));
        await RefusedAsync(
            new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layers)).File("l", _one).File("manifest.json", $"[{{\"Config\":\"c\",\"Layers\":[{list}]}}]").Build(), "501 layers");
    }

    /// <summary>The same image from two clients at once: one image, nothing left over.</summary>
    [Fact]
    public async Task ManyLoadsAtOnceAgree()
    {
        byte[] config = ArchiveBuilder.Config("amd64", _one, _two);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _images.Store.LoadAsync(
            new ArchiveBuilder().File("c", config).File("1", _one).File("2", _two).File("manifest.json", """[{"Config":"c","RepoTags":["a:1"],"Layers":["1","2"]}]""").Build(),
            new Progress<string>(), TestContext.Current.CancellationToken)));
        Assert.Equal((1, 2, 2, 3), (Count("images"), Count("layers"), Count("snapshots"), Count("blobs")));
        Nothing("leases");
    }

    [Fact]
    public async Task ACanceledLoadLeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var stalled = new StalledStream(BusyboxImage.Archive, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _images.Store.LoadAsync(stalled, new Progress<string>(), cancel.Token));
        await NothingAsync();
    }

    private static string Host => Berth.Images.Archives.PlatformMatch.Host.Architecture;

    private static MemoryStream Docker(byte[] config, string tags, string layerName, byte[] layer) =>
        new ArchiveBuilder().File(layerName, layer).File("c", config).File("manifest.json", $$"""[{"Config":"c","RepoTags":{{tags}},"Layers":["l"]}]""").Build();

    /// <summary>What import is for is told as early as it can be known: all that follows is not read.</summary>
    [Fact]
    public async Task AFileSystemIsSentToImport()
    {
        TarBuilder[] starts = [new TarBuilder().File("bin/sh", "x").File("etc/passwd", "x").File("usr/bin/env", "x"), new TarBuilder().Header("dev/initctl", '6', 0)];
        foreach (TarBuilder start in starts)
        {
            // What follows is no archive: whoever reads on says so.
            using var archive = new MemoryStream([.. start.Build()[..^1024], .. Enumerable.Repeat((byte)0xFF, 8 << 20)]);
            await RefusedAsync(archive, "neither manifest.json (docker save) nor index.json (OCI layout) is in it, and it begins as a file system does");
            Assert.True(archive.Position < archive.Length, "all of it was read");
        }

        var shape = new ArchiveShape();
        Assert.EndsWith("more than 5 files; a file system's archive is for import", shape.TooMany("more than 5 files").Message, StringComparison.Ordinal);
        shape.Check("manifest.json", TarEntryType.File);
        Assert.Equal("more than 5 files", Assert.IsType<TarException>(shape.TooMany("more than 5 files")).Message);
        shape.Check("dev/console", TarEntryType.CharacterDevice);
    }

    private async Task RefusedAsync(Stream archive, string why, EngineErrorKind kind = EngineErrorKind.Invalid)
    {
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => _images.LoadAsync(archive));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(kind, refused.Kind);
        await NothingAsync();
    }

    private async Task NothingAsync()
    {
        await _images.Root.Services.Collector.CollectAsync(TestContext.Current.CancellationToken);
        foreach (string table in (string[])["images", "layers", "snapshots", "blobs", "leases", "tags"])
        {
            Nothing(table);
        }

        Assert.Empty(Directory.GetFiles(_images.Root.Root.Ingests));
        Assert.Empty(Directory.GetFiles(_images.Root.Root.Blobs));
        Assert.Equal([_images.Root.Root.EmptyLayer], Directory.GetFileSystemEntries(_images.Root.Root.Snapshots));
    }

    private void Nothing(string table) => Assert.True(Count(table) == 0, $"{table} holds {Count(table)} rows");

    private long Count(string table) => _images.Root.Services.Database.Read(s => s.Number($"SELECT count(*) FROM {table}"));

    private string ManifestOf(ImageRecord image) => _images.Root.Services.Database.Read(s => s.Query(
        "SELECT digest FROM image_blobs WHERE image = @id", r => r.GetString(0), ("@id", image.Id.ToString())))
        .Single(d => d != image.Id.ToString() && image.RepoDigests.Any(r => r.EndsWith(d, StringComparison.Ordinal)));

    /// <summary>Gives half of a file, then waits for good.</summary>
    private sealed class StalledStream(string path, CancellationTokenSource cancel) : MemoryStream(File.ReadAllBytes(path))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length / 2)
            {
                return await base.ReadAsync(buffer, cancellationToken);
            }

            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
