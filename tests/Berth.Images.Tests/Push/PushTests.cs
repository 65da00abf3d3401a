using System.Collections.Concurrent;
using System.Text.Json;

using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Tests;

namespace Berth.Images.Tests.Push;

/// <summary>Pushes to registries made by hand, good and bad ones.</summary>
public sealed class PushTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly ScriptedUploads _registry = new();
    private readonly ScriptedServer _server;
    private readonly RegistryOptions _options;
    private readonly ConcurrentQueue<PushStep> _steps = new();

    public PushTests()
    {
        _server = new ScriptedServer(_registry.Answer);
        _options = _server.Options(_images.Root.Scratch("hosts"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task PlainLayersAreCompressedOnceAndTheManifestIsDockers()
    {
        await ImportAsync("x/y:1", "content");
        await PushAsync("x/y:1");
        Manifest manifest = Pushed("x/y 1");
        Assert.Equal((MediaTypes.DockerManifest, MediaTypes.DockerConfig, MediaTypes.DockerLayerGzip), (manifest.MediaType, manifest.Config!.MediaType, manifest.Layers![0].MediaType));
        byte[] layer = _registry.Blobs[$"x/y {manifest.Layers[0].Digest}"];
        Assert.Equal([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], layer[..8]); // no name, no time
        Assert.Equal(_images.Store.Resolve(Name("x/y:1")).Id.ToString(), manifest.Config.Digest);

        Digest digest = Digest.Of(_registry.Manifests["x/y 1"].Bytes);
        Assert.Equal([Name($"x/y@{digest}")], _images.Store.Resolve(Name("x/y:1")).RepoDigests);
        string id = Digest.Parse(_images.Store.Resolve(Name("x/y:1")).Config.RootFs!.DiffIds![0]).Short;
        Assert.Equal(
            [$": The push refers to repository [{Name("x/y")}]", $"{id}: Preparing", $"{id}: Pushed", $": 1: digest: {digest} size: {_registry.Manifests["x/y 1"].Bytes.Length}"],
            _steps.Where(s => s.Status != "Pushing").Select(s => $"{s.Id}: {s.Status}"));

        // The second finds the compressed blob in the store, and everything in the registry.
        await _images.Root.Services.Collector.CollectAsync(Cancel);
        Assert.NotNull(_images.Root.Services.Content.Find(Digest.Parse(manifest.Layers[0].Digest)));
        long packed = Packed();
        await PushAsync("x/y:1");
        Assert.Contains(_steps, s => s.Status == "Layer already exists");
        Assert.Equal((1, packed), (packed, Packed()));

        await _images.Store.RemoveAsync(Name("x/y:1"), force: true, keepParents: false, Cancel);
        Assert.Null(_images.Root.Services.Content.Find(Digest.Parse(manifest.Layers[0].Digest)));
        Assert.Equal(0, Packed());
    }

    [Fact]
    public async Task WhatCameCompressedGoesWithItsOwnManifest()
    {
        var builder = new ArchiveBuilder();
        Descriptor manifest = builder.Image("amd64", [ArchiveBuilder.Layer("a", "one"), ArchiveBuilder.Layer("b", "two")], new Dictionary<string, string> { ["io.containerd.image.name"] = Name("packed:1") }, ArchiveBuilder.Gzip);
        await _images.LoadAsync(builder.Layout(manifest));
        await PushAsync("packed:1");
        Assert.Equal(manifest.Digest, Digest.Of(_registry.Manifests["packed 1"].Bytes).ToString());
        Assert.Equal(manifest.MediaType, _registry.Manifests["packed 1"].Type);
        Assert.Equal(0, Packed());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task NeighboursAreMountedWhereTheRegistryDoes(bool mounts, bool isMounted)
    {
        await ImportAsync("one:1", "content");
        await PushAsync("one:1");
        _registry.Mounts = mounts;
        await _images.Store.TagAsync(Name("one:1"), ImageReference.Parse(Name("two:1")), Cancel);
        await PushAsync("two:1");
        Assert.Equal(isMounted, _steps.Any(s => s.Status == "Mounted from one"));
        Assert.Equal(Pushed("one 1").Layers![0], Pushed("two 1").Layers![0]);
        Assert.Contains($"two {Pushed("two 1").Layers![0].Digest}", _registry.Blobs.Keys);
    }

    [Fact]
    public async Task ARefusedMountIsFollowedByAnUpload()
    {
        await ImportAsync("one:1", "content");
        await PushAsync("one:1");
        await _images.Store.TagAsync(Name("one:1"), ImageReference.Parse(Name("two:1")), Cancel);
        _registry.Instead = static r => r.Target.Contains("mount=", StringComparison.Ordinal) ? ScriptedAnswer.Text(403, """{"errors":[{"code":"DENIED","message":"m"}]}""") : null;
        await PushAsync("two:1");
        Assert.Contains("two 1", _registry.Manifests.Keys);
    }

    [Theory]
    [InlineData(100_000, 30_000)]
    [InlineData(6_000_000, 3_000_000)]
    public async Task WhatBreaksOffGoesOnWhereTheRegistryIs(int length, int breaksAt)
    {
        await ImportAsync("x:1", Noise(length));
        _registry.BreaksAt = breaksAt;
        await PushAsync("x:1");
        Descriptor layer = Pushed("x 1").Layers![0];
        Assert.Equal(layer.Size, _registry.Blobs[$"x {layer.Digest}"].Length);
        Assert.Contains(_server.Requests, r => r["Content-Range"].StartsWith($"{breaksAt}-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ALostUploadIsBegunAnew()
    {
        await ImportAsync("x:1", Noise(6_000_000));
        int lost = 0;
        _registry.Instead = r => r.Method == "PATCH" && lost++ < 2 ? ScriptedAnswer.Text(404, """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN","message":"m"}]}""")
            : r.Method == "GET" ? ScriptedAnswer.Text(404) : null;
        await PushAsync("x:1");
        Assert.Contains("x 1", _registry.Manifests.Keys);
    }

    [Fact]
    public async Task LongBodiesThatAreRefusedGoInPieces()
    {
        await ImportAsync("x:1", Noise(6_000_000));
        _registry.Instead = static r => r.Body.Length > 2_000_000 ? ScriptedAnswer.Text(413) : null;
        await PushAsync("x:1");
        Assert.InRange(_server.Requests.Count(static r => r.Method == "PATCH" && r.Body.Length is > 0 and < 2_000_000), 4, 8);
        _registry.Blobs.Clear();
        _registry.Instead = static r => r.Body.Length > 100_000 ? ScriptedAnswer.Text(413) : null;
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PushAsync("x:1"));
        Assert.Contains("413", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenThatEndsInTheMiddleIsRenewed()
    {
        await ImportAsync("x:1", Noise(6_000_000));
        int tokens = 0;
        _registry.Instead = r => r.Path == "/token" ? ScriptedAnswer.Text(200, $$"""{"token":"t{{++tokens}}"}""")
            : r["Authorization"].Length == 0 || (r.Method == "PATCH" && r["Authorization"] == "Bearer t1") ? ScriptedAnswer.Denied($"Bearer realm=\"{_server.Address}/token\",service=\"s\"") : null;
        await PushAsync("x:1");
        Assert.Contains("x 1", _registry.Manifests.Keys);
        Assert.True(tokens > 1);
    }

    [Theory]
    [InlineData("ftp://elsewhere/")]
    [InlineData("")]
    public async Task AWrongLocationIsRefused(string location)
    {
        await ImportAsync("x:1", "content");
        _registry.Instead = r => r.Method == "POST" ? ScriptedAnswer.Text(202).With("Location", location) : null;
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PushAsync("x:1"));
        Assert.True(refused.Kind == EngineErrorKind.Unavailable, refused.Message);
        Assert.Empty(_registry.Manifests);
        Assert.Empty(_images.Store.Resolve(Name("x:1")).RepoDigests);
    }

    [Theory]
    [InlineData(401, "UNAUTHORIZED", "unauthorized: m")]
    [InlineData(403, "DENIED", "denied: m")]
    public async Task RefusalsAreToldInDockersWordsAndAskForNoLogin(int status, string code, string words)
    {
        await ImportAsync("x:1", "content");
        _registry.Instead = r => r.Method == "POST" ? ScriptedAnswer.Text(status, $$"""{"errors":[{"code":"{{code}}","message":"m"}]}""") : null;
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PushAsync("x:1"));
        Assert.Equal((EngineErrorKind.NotFound, words), (refused.Kind, refused.Message));
    }

    /// <summary>Registries answer the first HEAD so: without a body there is nothing of theirs to tell.</summary>
    [Theory]
    [InlineData(401, "unauthorized: authentication required")]
    [InlineData(403, "denied: requested access to the resource is denied")]
    public async Task ARefusalWithoutWordsIsToldInDockersAndNamesTheLogin(int status, string words)
    {
        await ImportAsync("x:1", "content");
        _registry.Instead = r => r.Method == "HEAD" ? ScriptedAnswer.Text(status, "") : null;
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PushAsync("x:1"));
        Assert.Equal((EngineErrorKind.NotFound, $"{words}: pushing to {Name("x")} may require 'docker login {_server.Name}'"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task AllTagsGoAndWhatIsNotThereIsSaid()
    {
        await ImportAsync("x:1", "content");
        await ImportAsync("x:2", "other");
        await PushAsync("x");
        Assert.Equal(["x 1", "x 2"], _registry.Manifests.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"An image does not exist locally with the tag: {Name("none")}", (await Assert.ThrowsAsync<EngineException>(() => PushAsync("none:1"))).Message);
        Assert.Equal($"tag does not exist: {Name("x:3")}", (await Assert.ThrowsAsync<EngineException>(() => PushAsync("x:3"))).Message);
        Assert.Equal("cannot push a digest reference", (await Assert.ThrowsAsync<EngineException>(() => PushAsync($"x@{Digest.Of("a"u8)}"))).Message);
    }

    private static string Noise(int length) => string.Create(length, 7, static (span, seed) =>
    {
        var random = new Random(seed);
        foreach (ref char c in span)
        {
            c = (char)random.Next(128);
        }
    });

    private Manifest Pushed(string key) => JsonSerializer.Deserialize(_registry.Manifests[key].Bytes, ImageJson.Default.Manifest)!;

    private long Packed() => _images.Root.Services.Database.Read(static s => s.Number("SELECT count(*) FROM packed_layers"));

    private string Name(string rest) => $"{_server.Name}/{rest}";

    private Task<Digest> ImportAsync(string name, string content) => _images.Store.ImportAsync(
        new MemoryStream(new TarBuilder().File("f", content).Build()), new ImportRequest { Reference = ImageReference.Parse(Name(name)) }, Cancel);

    private Task PushAsync(string name)
    {
        StorageServices services = _images.Root.Services;
        var pusher = new ImagePusher(services.Database, services.Content, services.Layers, _images.Store, _options);
        return pusher.PushAsync(new PushRequest { Reference = ImageReference.Parse(Name(name)) }, new Told<PushStep>(_steps.Enqueue), Cancel);
    }
}
