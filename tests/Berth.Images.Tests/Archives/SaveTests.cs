using System.Text;
using System.Text.Json;

using Berth.Images.Archives;
using Berth.Images.Tests.Commit;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Tar;

namespace Berth.Images.Tests;

public sealed class SaveTests : IAsyncLifetime
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
    public async Task WhatIsSavedIsLoadedWithTheSameIdAndSavedAgainWithTheSameBytes()
    {
        ImageRecord made = await (await TestContainer.MakeAsync(_images, "busybox", "rm bin/vi; echo x >x")).CommitAsync("made:1");
        await _images.Store.TagAsync("made:1", ImageReference.Parse("localhost:5000/other/name:tag"), TestContext.Current.CancellationToken);
        byte[] archive = Save(_images, new SaveRequest { Names = ["made:1", "busybox", "localhost:5000/other/name:tag"] });

        using var other = new TestImages();
        Assert.Equal([made.Id, _images.Store.Resolve("busybox").Id], await other.LoadAsync(new MemoryStream(archive)));
        ImageRecord there = other.Store.Resolve("made:1");
        Assert.Equal(["localhost:5000/other/name:tag", "made:1"], there.RepoTags.Order(StringComparer.Ordinal));
        Assert.Equal(await TestContainer.SeenAsync(_images, made), await TestContainer.SeenAsync(other, there));
        Assert.Equal(archive, Save(other, new SaveRequest { Names = ["made:1", "busybox", "localhost:5000/other/name:tag"] }));
        Assert.Empty(there.RepoDigests);
    }

    [Fact]
    public void TheLayoutIsDockers()
    {
        byte[] archive = Save(_images, new SaveRequest { Names = ["busybox"] });
        List<string> names = [.. Files(archive).Keys];
        string id = _images.Store.Resolve("busybox").Id.Hex;
        Assert.Equal(["blobs/", "blobs/sha256/"], names[..2]);
        Assert.Contains($"blobs/sha256/{id}", names);
        Assert.Equal(["index.json", "manifest.json", "oci-layout", "repositories"], names[^4..]);
        JsonElement item = JsonDocument.Parse(Files(archive)["manifest.json"]).RootElement[0];
        Assert.Equal($"blobs/sha256/{id}", item.GetProperty("Config").GetString());
        Assert.Equal("busybox:latest", item.GetProperty("RepoTags")[0].GetString());
        ImageIndex index = JsonSerializer.Deserialize(Files(archive)["index.json"], ImageJson.Default.ImageIndex)!;
        Assert.Equal("docker.io/library/busybox:latest", Assert.Single(index.Manifests!).Annotations!["io.containerd.image.name"]);
        Assert.Equal("latest", index.Manifests![0].Annotations!["org.opencontainers.image.ref.name"]);
    }

    /// <summary>An image that came packed is saved packed, with the manifest and the index that it came by, so that its digests stay.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DigestsOfPackedImagesStay(bool throughIndex)
    {
        var builder = new ArchiveBuilder();
        var name = new Dictionary<string, string> { ["io.containerd.image.name"] = "docker.io/library/packed:1" };
        byte[][] layers = [ArchiveBuilder.Layer("a", "one"), ArchiveBuilder.Layer("b", "two")];
        Descriptor manifest = builder.Image("amd64", layers, throughIndex ? null : name, ArchiveBuilder.Gzip);
        Descriptor foreign = ArchiveBuilder.Describe("another platform's"u8.ToArray(), MediaTypes.Manifest, new Platform { Os = "linux", Architecture = "s390x" });
        Descriptor top = throughIndex ? builder.Index([foreign, manifest], name) : manifest;
        await _images.LoadAsync(builder.Layout(top));
        string digest = Assert.Single(_images.Store.Resolve("packed:1").RepoDigests);
        Assert.Equal($"packed@{top.Digest}", digest);

        byte[] archive = Save(_images, new SaveRequest { Names = ["packed:1"] });
        ImageIndex index = JsonSerializer.Deserialize(Files(archive)["index.json"], ImageJson.Default.ImageIndex)!;
        Assert.Equal((top.Digest, top.MediaType), (Assert.Single(index.Manifests!).Digest, index.Manifests![0].MediaType));
        using var other = new TestImages();
        await other.LoadAsync(new MemoryStream(archive));
        Assert.Equal([digest], other.Store.Resolve("packed:1").RepoDigests);
        Assert.Equal(archive, Save(other, new SaveRequest { Names = ["packed:1"] }));
    }

    [Fact]
    public async Task SinceLeavesOutWhatTheOtherSideHas()
    {
        await (await TestContainer.MakeAsync(_images, "busybox", "echo x >x")).CommitAsync("made:1");
        await (await TestContainer.MakeAsync(_images, "made:1", "echo y >y")).CommitAsync("made:2");
        byte[] archive = Save(_images, new SaveRequest { Names = ["made:2"], Since = ["busybox"] });
        Assert.InRange(archive.Length, 1, 40_000);

        using var other = new TestImages();
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => other.LoadAsync(new MemoryStream(archive)));
        Assert.Contains("load or pull busybox first", refused.Message, StringComparison.Ordinal);
        Assert.Empty(other.Store.List());

        await using (FileStream busybox = BusyboxImage.Open())
        {
            await other.LoadAsync(busybox);
        }

        await other.LoadAsync(new MemoryStream(archive));
        Assert.Equal(_images.Store.Resolve("made:2").Id, other.Store.Resolve("made:2").Id);
        Assert.Equal(
            await TestContainer.SeenAsync(_images, _images.Store.Resolve("made:2")), await TestContainer.SeenAsync(other, other.Store.Resolve("made:2")));
    }

    [Fact]
    public async Task WhatTheOtherSideHasIsLeftOutByCount()
    {
        await (await TestContainer.MakeAsync(_images, "busybox", "echo x >x")).CommitAsync("made:1");
        ImageRecord image = await (await TestContainer.MakeAsync(_images, "made:1", "echo y >y")).CommitAsync("made:2");
        (int Layers, long Bytes) last = default;
        foreach (int have in (int[])[0, 1, 2, 3, 99])
        {
            SavedArchive archive = Saver(_images).Open(new SaveRequest { Names = ["made:2"], Have = new Dictionary<Digest, int> { [image.Id] = have, [Digest.Of("other"u8)] = 3 } });
            using (archive)
            {
                Assert.Equal(Math.Min(have, 3), archive.LeftOut.Layers);
                Assert.True(have is 0 or 99 || archive.LeftOut.Bytes > last.Bytes);
                last = archive.LeftOut;
            }
        }
    }

    [Fact]
    public async Task NamesMeanWhatTheyMeanToDocker()
    {
        ImageRecord one = await (await TestContainer.MakeAsync(_images, "busybox", "echo x >x")).CommitAsync("repo/made:1");
        await (await TestContainer.MakeAsync(_images, "busybox", "echo y >y")).CommitAsync("repo/made:2");
        Assert.Equal(["repo/made:1", "repo/made:2"], Tags("repo/made"));
        Assert.Equal(["repo/made:2"], Tags("repo/made:2"));
        Assert.Equal(["<none>"], Tags(one.Id.ToString()));
        Assert.Equal(["<none>"], Tags(one.Id.Hex));
        Assert.Equal(["<none>"], Tags(one.Id.Hex[..12]));
        Assert.Equal(["repo/made:1"], Tags(one.Id.Hex[..12], "repo/made:1"));
        Assert.Equal(EngineErrorKind.NotFound, Assert.Throws<EngineException>(() => Tags("repo/made:3")).Kind);
        Assert.Contains("s390x", Assert.Throws<EngineException>(
            () => Save(_images, new SaveRequest { Names = ["busybox"], Platform = new Platform { Os = "linux", Architecture = "s390x" } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadTakesOnlyThePlatformAskedFor()
    {
        byte[] archive = Save(_images, new SaveRequest { Names = ["busybox"] });
        using var other = new TestImages();
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => other.Store.LoadAsync(
            new MemoryStream(archive), new Platform { Os = "linux", Architecture = "s390x" }, new Progress<string>(), TestContext.Current.CancellationToken));
        Assert.Equal(EngineErrorKind.NotFound, refused.Kind);
        await other.Store.LoadAsync(
            new MemoryStream(archive), new Platform { Os = "linux", Architecture = "amd64" }, new Progress<string>(), TestContext.Current.CancellationToken);
    }

    /// <summary>What is open is saved, whatever is removed meanwhile.</summary>
    [Fact]
    public async Task ARemovalMeanwhileChangesNothing()
    {
        byte[] before = Save(_images, new SaveRequest { Names = ["busybox"] });
        using SavedArchive archive = Saver(_images).Open(new SaveRequest { Names = ["busybox"] });
        await _images.Store.RemoveAsync("busybox", force: true, keepParents: false, TestContext.Current.CancellationToken);
        var bytes = new MemoryStream();
        archive.Write(bytes, TestContext.Current.CancellationToken);
        Assert.Equal(before, bytes.ToArray());
    }

    internal static byte[] Save(TestImages images, SaveRequest request)
    {
        using SavedArchive archive = Saver(images).Open(request);
        var bytes = new MemoryStream();
        archive.Write(bytes, TestContext.Current.CancellationToken);
        Assert.Equal(archive.Length, bytes.Length);
        return bytes.ToArray();
    }

    private static ImageSaver Saver(TestImages images) => new(images.Root.Services.Database, images.Root.Services.Content, images.Root.Services.Layers, images.Store);

    private List<string> Tags(params string[] names) => [.. JsonDocument.Parse(Files(Save(_images, new SaveRequest { Names = names }))["manifest.json"]).RootElement.EnumerateArray()
        .SelectMany(i => i.GetProperty("RepoTags") is { ValueKind: JsonValueKind.Array } tags ? tags.EnumerateArray().Select(t => t.GetString()!) : ["<none>"])];

    private static Dictionary<string, byte[]> Files(byte[] archive)
    {
        var files = new Dictionary<string, byte[]>();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default);
        while (reader.Next() is { } entry)
        {
            files[Encoding.UTF8.GetString(entry.Name)] = entry.Type == TarEntryType.File ? reader.ReadAll(entry, 1 << 24) : [];
        }

        return files;
    }
}
