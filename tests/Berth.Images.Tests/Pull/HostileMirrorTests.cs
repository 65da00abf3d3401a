using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Images.Registries.Http;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Testing.Daemons;
using Berth.Tests;

namespace Berth.Images.Tests.Pull;

/// <summary>A mirror that serves wrong bytes before Debian's docker-registry, which has the right ones.</summary>
public sealed class HostileMirrorTests : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<ScriptedServer> _mirrors = [];
    private readonly byte[] _layer = Random.Shared.GetItems([.. Enumerable.Range(0, 256).Select(static b => (byte)b)], 300_000);
    private DockerRegistry _registry = null!;

    /// <summary>What a mirror does with a blob.</summary>
    public enum Fault
    {
        OneWrongByte, OtherBytes, CutOff, Shorter, Longer, Endless, EndlessFromTheStart, Stalls, AByteAtATime, Nothing, Bomb, OtherPart, NotModified,
    }

    // The first has sent all that is wanted before it goes wrong; the second is no wrong content, but an endpoint without it.
    private static bool IsTold(Fault fault) => fault is not (Fault.Endless or Fault.NotModified);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        _registry = await DockerRegistry.StartAsync();
        await PushAsync("latest", new TarBuilder().File("random", _layer).Build());
    }

    public async ValueTask DisposeAsync()
    {
        _mirrors.ForEach(static m => m.Dispose());
        _images.Dispose();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AWrongLayerIsHadFromTheRegistry(Fault fault)
    {
        ScriptedServer mirror = Mirror(request => IsLayer(request) ? Wrong(fault, Served(request)!) : Served(request));
        Hosts(mirror);
        await PullAsync();
        AssertWhole();
        Assert.Contains(mirror.Requests, IsLayer);
        Assert.Equal(IsTold(fault), _log.Any(line => line.Contains(mirror.Address, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task AWrongConfigIsHadFromTheRegistry(Fault fault)
    {
        ScriptedServer mirror = Mirror(request => IsBlob(request) && !IsLayer(request) ? Wrong(fault, Served(request)!) : Served(request));
        Hosts(mirror);
        await PullAsync();
        AssertWhole();
        Assert.Equal(IsTold(fault), _log.Any(line => line.Contains(mirror.Address, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Fault.OneWrongByte)]
    [InlineData(Fault.CutOff)]
    [InlineData(Fault.Stalls)]
    public async Task AskedForItsPlatformsTheRegistryAnswersToo(Fault fault)
    {
        Hosts(Mirror(request => IsBlob(request) ? Wrong(fault, Served(request)!) : Served(request)));
        DistributionInfo info = await new RegistryService(Options()).InspectAsync(ImageReference.Parse(Name()), null, Cancel);
        Assert.Equal("amd64", Assert.Single(info.Platforms).Architecture);
        Assert.Contains(_log, static line => line.EndsWith("it is fetched from another host", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Fault.OtherBytes)]
    [InlineData(Fault.CutOff)]
    [InlineData(Fault.Endless)]
    [InlineData(Fault.Stalls)]
    public async Task AWrongManifestIsHadFromTheRegistry(Fault fault)
    {
        ScriptedServer mirror = Mirror(request => IsBlob(request) ? Served(request) : Wrong(fault, Served(request)!));
        Hosts(mirror);
        await PullAsync();
        AssertWhole();
    }

    [Fact]
    public async Task ByDigestOtherBytesAreNoManifest()
    {
        ScriptedServer mirror = Mirror(request => IsBlob(request) ? Served(request) : Served(request)! with { Body = [.. Served(request)!.Body, (byte)'\n'] });
        Hosts(mirror);
        await PullAsync($"@{Digest.Of(File.ReadAllBytes(BlobPath(Link("_manifests/tags/latest/current/link"))))}");
        Assert.Contains(_log, line => line.Contains("the manifest has the digest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfSeveralMirrorsTheFirstThatIsRightIsEnough()
    {
        ScriptedServer wrong = Mirror(request => IsLayer(request) ? Wrong(Fault.OneWrongByte, Served(request)!) : Served(request));
        ScriptedServer cut = Mirror(request => IsLayer(request) ? Wrong(Fault.CutOff, Served(request)!) : Served(request));
        ScriptedServer good = Mirror(Served);
        string folder = Hosts(wrong, cut, good);
        await File.WriteAllTextAsync(folder, (await File.ReadAllTextAsync(folder, Cancel)).Replace(_registry.Name, "127.0.0.1:1", StringComparison.Ordinal), Cancel);
        await PullAsync();
        AssertWhole();
        Assert.Contains(good.Requests, IsLayer);
    }

    [Fact]
    public async Task WhereTheLastIsWrongTooThePullFails()
    {
        ScriptedServer mirror = Mirror(request => IsLayer(request) ? Wrong(Fault.OneWrongByte, Served(request)!) : Served(request));
        Hosts(mirror);
        string blob = BlobPath(Layer);
        byte[] bytes = await File.ReadAllBytesAsync(blob, Cancel);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes, Cancel);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync());
        Assert.StartsWith($"content {Layer} is damaged: ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_images.Store.List());
        Assert.Empty(Directory.GetFiles(_images.Root.Services.Root.Partials));
        Assert.Equal(0, _images.Root.Services.Database.Read(static s => s.Number("SELECT count(*) FROM snapshots")));
    }

    /// <summary>What a pull that was broken off left behind may be what was wrong: the registry is not to blame for it.</summary>
    [Fact]
    public async Task WrongBytesOfAnEarlierPullAreFetchedAnew()
    {
        ScriptedServer mirror = Mirror(request => IsLayer(request) ? Wrong(Fault.OtherBytes, Served(request)!) with { CutAt = 150_000, Stalls = true } : Served(request));
        Hosts(mirror);
        using var stop = new CancellationTokenSource();
        Task pulling = PullAsync(cancel: stop.Token, silence: TimeSpan.FromMinutes(1));
        await Testing.Processes.Until.TrueAsync(() => Directory.GetFiles(_images.Root.Services.Root.Partials).Length > 0 && mirror.Requests.Any(IsLayer), "the layer began");
        await Testing.Processes.Until.TrueAsync(() => Interlocked.Read(ref _received) > 0, "some of it came");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling);
        Assert.NotEmpty(Directory.GetFiles(_images.Root.Services.Root.Partials));
        Hosts();
        await PullAsync();
        AssertWhole();
        Assert.Contains(_log, static line => line.EndsWith("it is fetched anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OneWrongRangeOfMany()
    {
        byte[] large = new byte[40 << 20];
        Random.Shared.NextBytes(large);
        await PushAsync("latest", new TarBuilder().File("random", large).Build());
        ScriptedServer mirror = Mirror(request => IsLayer(request) && request["Range"].Length > 0 && !request["Range"].StartsWith("bytes=0-", StringComparison.Ordinal)
            ? Wrong(Fault.OneWrongByte, Served(request)!) : Served(request));
        Hosts(mirror);
        await PullAsync();
        Assert.Equal(large.Length, _images.Store.Resolve(Name()).Size);
        Assert.True(mirror.Requests.Count(IsLayer) > 1);
        Assert.Contains(_log, line => line.Contains("is damaged: what was received has the digest", StringComparison.Ordinal));
    }

    private static bool IsBlob(ScriptedRequest request) => request.Path.Contains("/blobs/", StringComparison.Ordinal);

    private static ScriptedAnswer Wrong(Fault fault, ScriptedAnswer right)
    {
        byte[] body = right.Body;
        ScriptedAnswer wrong = fault switch
        {
            Fault.OneWrongByte => right with { Body = [.. body[..(body.Length / 2)], (byte)(body[body.Length / 2] ^ 0x10), .. body[((body.Length / 2) + 1)..]] },
            Fault.OtherBytes => right with { Body = [.. body.Select(static b => (byte)~b)] },
            Fault.CutOff => right with { CutAt = body.Length / 3 },
            Fault.Shorter => right with { Body = body[..^1] },
            Fault.Longer => right with { Body = [.. body, 0] },
            Fault.Endless => right with { IsEndless = true },
            Fault.EndlessFromTheStart => right with { Body = new byte[100_000], IsEndless = true },
            Fault.Stalls => right with { CutAt = body.Length / 3, Stalls = true },
            Fault.AByteAtATime => right with { CutAt = 1 },
            Fault.Nothing => right with { CutAt = 0 },
            Fault.Bomb => right with { Body = Pad(ScriptedRepository.Gzip(new TarBuilder().File("zeros", new byte[20 << 20]).Build()), body.Length) },
            Fault.OtherPart => new ScriptedAnswer(206, body[..^1]).With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes 1-{body.Length - 1}/{body.Length}")),
            _ => new ScriptedAnswer(304, []),
        };
        return wrong;
    }

    private static byte[] Pad(byte[] bytes, int length)
    {
        Array.Resize(ref bytes, length);
        return bytes;
    }

    private string Layer { get; set; } = "";

    private long _received;

    private bool IsLayer(ScriptedRequest request) => request.Path.EndsWith(Layer, StringComparison.Ordinal);

    private async Task PushAsync(string tag, byte[] layer)
    {
        string file = Path.Join(_images.Root.Scratch("push"), "image.tar");
        await using (FileStream archive = File.Create(file))
        {
            new ArchiveBuilder().File("c", ArchiveBuilder.Config("amd64", layer)).File("l", layer)
                .File("manifest.json", """[{"Config":"c","RepoTags":["x:1"],"Layers":["l"]}]""").Build().CopyTo(archive);
        }

        await _registry.PushAsync($"docker-archive:{file}", $"x:{tag}");
        string manifest = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(BlobPath(Link($"_manifests/tags/{tag}/current/link")), Cancel));
        Layer = System.Text.Json.JsonDocument.Parse(manifest).RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;
    }

    private string Link(string path) => File.ReadAllText(Path.Join(_registry.Folder, "data/docker/registry/v2/repositories/x", path));

    private string BlobPath(string digest) => Path.Join(_registry.Folder, $"data/docker/registry/v2/blobs/sha256/{digest[7..9]}/{digest[7..]}/data");

    // As a good mirror answers: from what the registry has on its disk.
    private ScriptedAnswer? Served(ScriptedRequest request)
    {
        string last = request.Path.Split('/')[^1];
        byte[] bytes = File.ReadAllBytes(BlobPath(last.StartsWith("sha256:", StringComparison.Ordinal) ? last : Link($"_manifests/tags/{last}/current/link")));
        if (!IsBlob(request))
        {
            return new ScriptedAnswer(200, bytes).With("Content-Type", "application/vnd.docker.distribution.manifest.v2+json");
        }

        if (request["Range"].Length == 0)
        {
            return new ScriptedAnswer(200, bytes);
        }

        int[] range = [.. request["Range"]["bytes=".Length..].Split('-').Select(static n => int.Parse(n, CultureInfo.InvariantCulture))];
        return new ScriptedAnswer(206, bytes[range[0]..(range[1] + 1)]).With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {range[0]}-{range[1]}/{bytes.Length}"));
    }

    private ScriptedServer Mirror(Func<ScriptedRequest, ScriptedAnswer?> answer)
    {
        var mirror = new ScriptedServer(request => answer(request)!);
        _mirrors.Add(mirror);
        return mirror;
    }

    private string Hosts(params ScriptedServer[] mirrors)
    {
        string folder = Path.Join(_images.Root.Scratch("hosts"), _registry.Name);
        Directory.CreateDirectory(folder);
        string file = Path.Join(folder, "hosts.toml");
        File.WriteAllText(file, $"server = \"http://{_registry.Name}\"\n{string.Concat(mirrors.Select(static m => $"[host.\"{m.Address}\"]\ncapabilities = [\"pull\", \"resolve\"]\n"))}");
        return file;
    }

    private string Name(string rest = ":latest") => $"{_registry.Name}/x{rest}";

    private void AssertWhole() => Assert.Equal(_layer.Length, _images.Store.Resolve(Name()).Size);

    private RegistryOptions Options(TimeSpan? silence = null) => new()
    {
        HostsFolders = [_images.Root.Scratch("hosts")], Log = _log.Enqueue,
        Retry = new RetryPolicy { Attempts = 2, First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(5), Silence = silence ?? TimeSpan.FromSeconds(1) },
    };

    private Task PullAsync(string rest = ":latest", CancellationToken? cancel = null, TimeSpan? silence = null)
    {
        StorageServices services = _images.Root.Services;
        var puller = new ImagePuller(services.Database, services.Content, services.Layers, Options(silence)) { Limit = new ExpansionLimit { Free = 1 << 20, Ratio = 20 } };
        return puller.PullAsync(new PullRequest { Reference = ImageReference.Parse(Name(rest)) }, new Told<PullStep>(step => Interlocked.Exchange(ref _received, step.Current ?? _received)), cancel ?? Cancel);
    }
}
