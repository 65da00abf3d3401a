using System.Collections.Concurrent;

using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Tests;

namespace Berth.Images.Tests.Pull;

/// <summary>Pulls from registries made by hand, good and bad ones.</summary>
public sealed class PullTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly ScriptedRepository _repository = new();
    private readonly ScriptedServer _server;
    private readonly RegistryOptions _options;
    private readonly ConcurrentQueue<PullStep> _steps = new();

    public PullTests()
    {
        _server = new ScriptedServer(_repository.Answer);
        _options = _server.Options(_images.Root.Scratch("hosts"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task AnImageIsPulledToldAndFoundByTagAndDigest()
    {
        byte[] one = Tar("a", "first"), two = Tar("b", "second");
        Descriptor manifest = _repository.Image("latest", [one, two]);
        await PullAsync("x/y:latest");

        ImageRecord image = _images.Store.Resolve(Name("x/y"));
        Assert.Equal([Name("x/y:latest")], image.RepoTags);
        Assert.Equal([Name($"x/y@{manifest.Digest}")], image.RepoDigests);
        Assert.Equal(image.Id, _images.Store.Resolve(Name($"x/y@{manifest.Digest}")).Id);
        Assert.Equal([Digest.Of(one).ToString(), Digest.Of(two).ToString()], image.Config.RootFs!.DiffIds);
        Assert.Equal(11, image.Size);

        string first = Short(one), second = Short(two);
        Assert.Equal(new PullStep("latest", "Pulling from x/y"), _steps.First());
        Assert.Equal([$"Digest: {manifest.Digest}", $"Status: Downloaded newer image for {Name("x/y:latest")}"], _steps.TakeLast(2).Select(s => s.Status));
        Assert.Equal(
            ["Pulling fs layer", "Downloading", "Verifying Checksum", "Download complete", "Pull complete"],
            _steps.Where(s => s.Id == first && s.Status != "Extracting").Select(s => s.Status).Distinct());
        Assert.True(Index(first, "Pull complete") < Index(second, "Pull complete"));
    }

    [Fact]
    public async Task AnotherPullFindsItUpToDateAndFetchesNothing()
    {
        _repository.Image("latest", [Tar("a", "first")]);
        await PullAsync("x:latest");
        int before = _server.Requests.Count;
        await PullAsync("x:latest");
        Assert.Equal($"Status: Image is up to date for {Name("x:latest")}", _steps.Last().Status);
        Assert.Equal("GET /v2/x/manifests/latest", Assert.Single(_server.Requests.Skip(before)).ToString());
    }

    [Fact]
    public async Task LayersThatAreThereAreNotFetched()
    {
        byte[] shared = Tar("a", "shared"), own = Tar("b", "own");
        _repository.Image("one", [shared]);
        _repository.Image("two", [shared, own]);
        await PullAsync("x:one");
        await PullAsync("x:two");
        Assert.Contains(new PullStep(Short(shared), "Already exists"), _steps);
        Assert.Single(_server.Requests, r => r.Path.EndsWith(Digest.Of(ScriptedRepository.Gzip(shared)).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneLayerTwiceInAnImageIsFetchedOnce()
    {
        byte[] same = Tar("a", "same");
        _repository.Image("latest", [same, Tar("b", "x"), same]);
        await PullAsync("x:latest");
        Assert.Equal(9, _images.Store.Resolve(Name("x")).Size);
        Assert.Single(_server.Requests, r => r.Path.EndsWith(Digest.Of(ScriptedRepository.Gzip(same)).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task PullsOfOneImageAtOnceShareTheWork()
    {
        byte[][] layers = [.. Enumerable.Range(0, 6).Select(i => Tar($"f{i}", new string('x', 100_000 + i)))];
        _repository.Image("latest", layers);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PullAsync("x:latest")));
        Assert.Equal(600_015, _images.Store.Resolve(Name("x")).Size);
        Assert.All(
            _server.Requests.Where(static r => r.Path.Contains("/blobs/", StringComparison.Ordinal)).GroupBy(static r => r.Path),
            static blob => Assert.True(blob.Count() == 1, $"{blob.Key} was fetched {blob.Count()} times"));
        Assert.Equal(6, await SnapshotsAsync());
    }

    [Fact]
    public async Task OfAnIndexThePlatformIsTaken()
    {
        Descriptor here = _repository.Image("", [Tar("a", "amd")]), arm = _repository.Image("", [Tar("a", "arm!")], "arm64");
        Descriptor inner = _repository.Index("", here, arm);
        Descriptor index = _repository.Index("latest", new Descriptor { MediaType = MediaTypes.Manifest, Digest = inner.Digest, Annotations = new Dictionary<string, string> { ["vnd.docker.reference.type"] = "attestation-manifest" }, Platform = here.Platform }, inner);
        await PullAsync("x:latest");
        Assert.Equal("amd64", _images.Store.Resolve(Name("x")).Config.Architecture);
        Assert.Equal([Name($"x@{index.Digest}")], _images.Store.Resolve(Name("x")).RepoDigests);

        await PullAsync("x:latest", "arm64");
        Assert.Equal("arm64", _images.Store.Resolve(Name("x")).Config.Architecture);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest", "s390x"));
        Assert.Equal((EngineErrorKind.NotFound, "no matching manifest for linux/s390x in the manifest list entries"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task AllTagsArePulled()
    {
        _repository.Image("one", [Tar("a", "first")]);
        _repository.Image("two", [Tar("a", "second")]);
        await PullAsync("x");
        Assert.Equal([[Name("x:one")], [Name("x:two")]], _images.Store.List().Select(static i => i.RepoTags).OrderBy(static t => t[0], StringComparer.Ordinal));
        Assert.Equal($"Status: Downloaded newer image for {Name("x")}", _steps.Last().Status);
    }

    [Fact]
    public async Task ByDigestItHasNoTag()
    {
        Descriptor manifest = _repository.Image("", [Tar("a", "first")]);
        await PullAsync($"x@{manifest.Digest}");
        ImageRecord image = _images.Store.Resolve(Name($"x@{manifest.Digest}"));
        Assert.Empty(image.RepoTags);
        Assert.Equal(new PullStep(manifest.Digest, "Pulling from x"), _steps.First());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALargeLayerComesInRangesWhereTheServerKnowsThem(bool knowsRanges)
    {
        byte[] content = new byte[70 << 20];
        Random.Shared.NextBytes(content.AsSpan(0, 1 << 20));
        byte[] layer = new TarBuilder().File("big", content).Build();
        _repository.Image("latest", [layer], layerType: MediaTypes.Layer, pack: static b => b);
        _repository.KnowsRanges = knowsRanges;
        await PullAsync("x:latest");
        Assert.Equal(knowsRanges ? 4 : 1, _server.Requests.Count(r => r["Range"].Length > 0));
        Assert.Equal(content.Length, _images.Store.Resolve(Name("x")).Size);
    }

    [Fact]
    public async Task AConnectionThatBreaksGoesOnWhereItBroke()
    {
        byte[] layer = Tar("a", new string('x', 300_000));
        Descriptor blob = _repository.Image("latest", [layer], layerType: MediaTypes.Layer, pack: static b => b);
        int broken = 0;
        _repository.Instead = r => r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal) && broken++ < 3
            ? With(_repository, r, 70_000) : null;
        await PullAsync("x:latest");
        List<string> ranges = [.. _server.Requests.Where(r => r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal)).Select(r => r["Range"])];
        Assert.Equal(["", $"bytes=70000-{layer.Length - 1}", $"bytes=140000-{layer.Length - 1}", $"bytes=210000-{layer.Length - 1}"], ranges);
    }

    [Fact]
    public async Task WhatWasBrokenOffIsGoneOnWithByTheNextPull()
    {
        byte[] layer = Tar("a", new string('x', 300_000));
        _repository.Image("latest", [layer], layerType: MediaTypes.Layer, pack: static b => b);
        bool cut = true;
        _repository.Instead = r => cut && r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal)
            ? r["Range"].Length == 0 ? With(_repository, r, 100_000) : ScriptedAnswer.Text(404) : null;
        await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        await _images.Root.RestartAsync();
        cut = false;
        await PullAsync("x:latest");
        Assert.Equal($"bytes=100000-{layer.Length - 1}", _server.Requests.Last(r => r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal))["Range"]);
    }

    [Fact]
    public async Task OtherBytesThanAnnouncedAreRefusedAndLeaveNothing()
    {
        byte[] layer = ScriptedRepository.Gzip(Tar("a", "first"));
        _repository.Image("latest", [Tar("a", "first")]);
        byte[] wrong = [.. layer];
        wrong[^6] ^= 1;
        _repository.Blobs[Digest.Of(layer).ToString()] = wrong;
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        Assert.StartsWith($"content {Digest.Of(layer)} is damaged: ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_images.Store.List());
        Assert.Equal(0, await SnapshotsAsync());
    }

    [Fact]
    public async Task ALayerOtherThanTheConfigSaysIsRefused()
    {
        byte[] packed = ScriptedRepository.Gzip(Tar("a", "other"));
        _repository.Image("latest", [Tar("a", "first")], pack: _ => packed);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        Assert.Contains("where the image's config lists", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await SnapshotsAsync());
    }

    [Fact]
    public async Task ABombIsRefused()
    {
        byte[] layer = new TarBuilder().File("zeros", new byte[64 << 20]).Build();
        _repository.Image("latest", [layer]);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest", limit: new ExpansionLimit { Free = 1 << 20, Ratio = 20 }));
        Assert.Contains("unpacks to more than 20 times as many", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest", limit: new ExpansionLimit { Most = 1 << 20 }));
        Assert.Contains("unpacks to more than 0 GiB", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await SnapshotsAsync());
        await PullAsync("x:latest");
    }

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "is foreign")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "is foreign")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "which cannot be unpacked")]
    public async Task LayersOfOtherKindsAreRefusedByName(string type, string why)
    {
        _repository.Image("latest", [Tar("a", "first")], layerType: type);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(type, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooManyLayersAreRefusedBeforeAnyIsFetched()
    {
        byte[] empty = new TarBuilder().Build();
        _repository.Image("latest", [.. Enumerable.Repeat(empty, 501)]);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        Assert.Contains("has 501 layers: more than 500", refused.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task WhatIsNoImageIsRefusedByName()
    {
        Descriptor config = _repository.Blob("{}"u8.ToArray(), "application/vnd.cncf.helm.config.v1+json");
        _repository.Manifest("latest", new Manifest { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config, Layers = [] });
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:latest"));
        Assert.Contains("is no image, but of type application/vnd.cncf.helm.config.v1+json", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "MANIFEST_UNKNOWN", EngineErrorKind.NotFound, "manifest for {0} not found: manifest unknown: m")]
    [InlineData(404, "NAME_UNKNOWN", EngineErrorKind.NotFound, "repository {1} not found: name unknown: m")]
    [InlineData(403, "DENIED", EngineErrorKind.NotFound, "pull access denied for {1}, repository does not exist or may require 'docker login': denied: m")]
    [InlineData(401, "UNAUTHORIZED", EngineErrorKind.NotFound, "pull access denied for {1}, repository does not exist or may require 'docker login': unauthorized: m")]
    public async Task RefusalsAreToldInDockersWords(int status, string code, EngineErrorKind kind, string words)
    {
        _repository.Instead = _ => ScriptedAnswer.Text(status, $$"""{"errors":[{"code":"{{code}}","message":"m"}]}""");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x:1"));
        Assert.Equal((kind, string.Format(System.Globalization.CultureInfo.InvariantCulture, words, Name("x:1"), Name("x"))), (refused.Kind, refused.Message));
        Assert.Empty(_steps);
    }

    [Fact]
    public async Task ACancelledPullLeavesNothingButWhatItGoesOnWith()
    {
        byte[] layer = Tar("a", new string('x', 300_000));
        _repository.Image("latest", [layer], layerType: MediaTypes.Layer, pack: static b => b);
        using var stop = new CancellationTokenSource();
        _repository.Instead = r => r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal) && r["Range"].Length == 0 ? new ScriptedAnswer(200, layer) { CutAt = 200_000, Stalls = true } : null;
        Task pulling = PullAsync("x:latest", cancel: stop.Token);
        await Testing.Processes.Until.TrueAsync(() => _steps.Any(s => s.Status == "Downloading"), "bytes came");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling);
        Assert.Equal(0, await SnapshotsAsync());
        await PullAsync("x:latest");
        Assert.StartsWith("bytes=", _server.Requests.Last(r => r.Path.EndsWith(Digest.Of(layer).ToString(), StringComparison.Ordinal))["Range"], StringComparison.Ordinal);
    }

    private static ScriptedAnswer With(ScriptedRepository repository, ScriptedRequest request, int cutAt)
    {
        Func<ScriptedRequest, ScriptedAnswer?> instead = repository.Instead;
        repository.Instead = static _ => null;
        ScriptedAnswer answer = repository.Answer(request);
        repository.Instead = instead;
        return answer with { CutAt = cutAt };
    }

    private static byte[] Tar(string name, string content) => new TarBuilder().File(name, content).Build();

    private static string Short(byte[] layer) => Digest.Of(ScriptedRepository.Gzip(layer)).Short;

    private int Index(string id, string status) => _steps.ToList().IndexOf(new PullStep(id, status));

    private string Name(string rest) => $"{_server.Name}/{rest}";

    private Task<long> SnapshotsAsync() => Task.FromResult(_images.Root.Services.Database.Read(s => s.Number("SELECT count(*) FROM snapshots")));

    private Task PullAsync(string name, string? architecture = null, ExpansionLimit? limit = null, CancellationToken? cancel = null)
    {
        StorageServices services = _images.Root.Services;
        var puller = new ImagePuller(services.Database, services.Content, services.Layers, _options) { Limit = limit ?? new ExpansionLimit() };
        var request = new PullRequest { Reference = ImageReference.Parse(Name(name)), Platform = architecture is null ? null : new Platform { Os = "linux", Architecture = architecture } };
        return puller.PullAsync(request, new Told<PullStep>(_steps.Enqueue), cancel ?? Cancel);
    }
}
