using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

using Berth.Images.Lists;
using Berth.Images.Push;
using Berth.Images.Registries;
using Berth.Images.Tests.Pull;
using Berth.Images.Tests.Push;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Tests.Lists;

/// <summary>Lists of manifests in registries made by hand, good and bad ones.</summary>
public sealed class ManifestListsTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly ScriptedRepository _read = new();
    private readonly ScriptedUploads _written = new();
    private readonly ScriptedServer _server;
    private readonly RegistryOptions _options;
    private readonly ConcurrentQueue<PushStep> _steps = new();

    public ManifestListsTests()
    {
        _server = new ScriptedServer(r => r.Method == "GET" && !r.Path.Contains("/uploads/", StringComparison.Ordinal) ? _read.Answer(r) : _written.Answer(r));
        _options = _server.Options(_images.Root.Scratch("hosts"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task OneManifestIsFoundWithItsPlatformAndBytes()
    {
        Descriptor image = _read.Image("1", ["one"u8.ToArray()], "arm64");
        FoundManifests found = await FindAsync("app:1");
        ListMember member = Assert.Single(found.Members);
        Assert.False(found.IsList);
        Assert.Equal((Name("app:1"), image.Digest, "linux/arm64"), (member.Name.ToString(), member.Descriptor.Digest, member.Descriptor.Platform!.ToString()));
        Assert.Equal(image.Digest, Digest.Of(member.Bytes!).ToString());
    }

    [Fact]
    public async Task OfAListTheMembersAreFetchedOnlyWhereTheyAreWanted()
    {
        Descriptor a = _read.Image("", ["one"u8.ToArray()]), b = _read.Image("", ["two"u8.ToArray()], "arm64");
        _read.Index("multi", a, b with { Platform = null });
        FoundManifests found = await FindAsync("app:multi");
        Assert.Equal((true, 1), (found.IsList, _server.Requests.Count));
        Assert.Equal([$"{Name("app:multi")}@{a.Digest}", $"{Name("app:multi")}@{b.Digest}"], found.Members.Select(static m => m.Name.ToString()));
        Assert.Equal(["linux/amd64", "/"], found.Members.Select(static m => m.Descriptor.Platform!.ToString()));
        Assert.All(found.Members, static m => Assert.Null(m.Bytes));
        found = await FindAsync("app:multi", withMembers: true);
        Assert.Equal([a.Digest, b.Digest], found.Members.Select(static m => Digest.Of(m.Bytes!).ToString()));
    }

    [Fact]
    public async Task HostileListsAreRefused()
    {
        Descriptor a = _read.Image("", ["one"u8.ToArray()]);
        _read.Index("many", [.. Enumerable.Repeat(a, 501)]);
        Assert.Contains("lists 501 manifests", (await RefusedAsync(() => FindAsync("app:many"))).Message, StringComparison.Ordinal);
        _read.Index("large", [.. Enumerable.Repeat(a with { Size = 4 << 20 }, 17)]);
        Assert.Contains("more than 64 MiB", (await RefusedAsync(() => FindAsync("app:large", withMembers: true))).Message, StringComparison.Ordinal);
        _read.Index("overflow", [.. Enumerable.Repeat(a with { Size = long.MaxValue }, 3)]);
        Assert.Contains("more than 64 MiB", (await RefusedAsync(() => FindAsync("app:overflow", withMembers: true))).Message, StringComparison.Ordinal);
        _read.Index("longer", a with { Size = a.Size - 1 });
        Assert.Contains("where its list announces", (await RefusedAsync(() => FindAsync("app:longer", withMembers: true))).Message, StringComparison.Ordinal);
        _read.Index("odd", a with { Digest = "sha512:00" });
        Assert.Contains("is not a SHA-256 digest", (await RefusedAsync(() => FindAsync("app:odd"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "MANIFEST_UNKNOWN", EngineErrorKind.NotFound, "no such manifest: NAME/app:1")]
    [InlineData(404, "NAME_UNKNOWN", EngineErrorKind.NotFound, "no such manifest: NAME/app:1")]
    [InlineData(401, "UNAUTHORIZED", EngineErrorKind.NotFound, "pull access denied for NAME/app, repository does not exist or may require 'docker login': unauthorized: m")]
    public async Task WhatIsNotShownIsSaid(int status, string code, EngineErrorKind kind, string message)
    {
        _read.Instead = _ => ScriptedAnswer.Text(status, $$"""{"errors":[{"code":"{{code}}","message":"m"}]}""");
        EngineException refused = await RefusedAsync(() => FindAsync("app:1"));
        Assert.Equal((kind, message.Replace("NAME", _server.Name, StringComparison.Ordinal)), (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MembersOfOtherRepositoriesComeAlong(bool mounts)
    {
        (ListMember a, ListMember b) = Two();
        _written.Mounts = mounts;
        AsWritten("amd");
        AsWritten("arm");
        await PushAsync("out:1", a, b);

        byte[] list = _written.Manifests["out 1"].Bytes;
        Assert.Equal(ManifestList.Write([a.Descriptor, b.Descriptor]), Encoding.UTF8.GetString(list));
        Assert.Equal(MediaTypes.DockerManifestList, _written.Manifests["out 1"].Type);
        Assert.Equal([$"out {a.Descriptor.Digest}", $"out {b.Descriptor.Digest}", "out 1"], _written.Manifests.Keys.OrderBy(k => k == "out 1").ThenBy(k => k != $"out {a.Descriptor.Digest}"));
        Assert.All([a, b], m => Assert.Equal(m.Descriptor.Digest, Digest.Of(_written.Manifests[$"out {m.Descriptor.Digest}"].Bytes).ToString()));
        Assert.All(_read.Blobs, blob => Assert.Equal(blob.Value, _written.Blobs[$"out {blob.Key}"]));
        Assert.Equal(
            [$"Pushed ref {Name("out")}@{a.Descriptor.Digest} with digest: {a.Descriptor.Digest}", $"Pushed ref {Name("out")}@{b.Descriptor.Digest} with digest: {b.Descriptor.Digest}", Digest.Of(list).ToString()],
            _steps.Select(static s => s.Status));

        // What went through this machine is nobody's afterwards.
        Assert.Equal(mounts ? 0 : _read.Blobs.Count, _server.Requests.Count(static r => r.Method == "GET" && r.Path.Contains("/blobs/", StringComparison.Ordinal) && !r.Path.Contains("/uploads/", StringComparison.Ordinal)));
        await _images.Root.Services.Collector.CollectAsync(Cancel);
        Assert.All(_read.Blobs.Keys, k => Assert.Null(_images.Root.Services.Content.Find(Digest.Parse(k))));
    }

    [Fact]
    public async Task MembersOfTheListsOwnRepositoryAreThereAlready()
    {
        (ListMember a, ListMember b) = Two();
        await PushAsync("amd:all", a, b with { Name = ImageReference.Parse(Name("amd:arm")) });
        Assert.Equal(["amd all"], _written.Manifests.Keys);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task ForeignLayersStayWhereTheyAre()
    {
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(new Image { Architecture = "amd64", Os = "windows" }, ImageJson.Default.Image);
        Descriptor foreign = new() { MediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Digest = Digest.Of("elsewhere"u8).ToString(), Size = 9, Urls = ["https://elsewhere/x"] };
        Descriptor image = _read.Manifest("1", new Manifest { SchemaVersion = 2, MediaType = MediaTypes.DockerManifest, Config = _read.Blob(config, MediaTypes.DockerConfig), Layers = [foreign] });
        await PushAsync("out:1", new ListMember(ImageReference.Parse(Name("win:1")), image with { Platform = new Platform { Os = "windows", Architecture = "amd64" } }, null));
        Assert.Contains($"out {image.Digest}", _written.Manifests.Keys);
        Assert.DoesNotContain(_server.Requests, r => r.Target.Contains(foreign.Digest, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingIsWrittenWhereABlobDoesNotCome()
    {
        (ListMember a, ListMember b) = Two();
        _written.Mounts = false;
        _read.Blobs.Remove(_read.Blobs.Keys.Last());
        EngineException failed = await RefusedAsync(() => PushAsync("out:1", a, b));
        Assert.Contains("blob unknown", failed.Message, StringComparison.Ordinal);
        Assert.Empty(_written.Manifests);
    }

    [Fact]
    public async Task AMemberThatIsGoneIsNamed()
    {
        (ListMember a, _) = Two();
        string digest = Digest.Of("gone"u8).ToString();
        EngineException failed = await RefusedAsync(() => PushAsync("out:1", a with { Descriptor = a.Descriptor with { Digest = digest } }));
        Assert.Equal($"no such manifest: {Name("amd")}@{digest}", failed.Message);
        Assert.Empty(_written.Manifests);
    }

    [Fact]
    public async Task WhatTheListSaysOfAMemberMustBeTrue()
    {
        (ListMember a, _) = Two();
        EngineException failed = await RefusedAsync(() => PushAsync("out:1", a with { Descriptor = a.Descriptor with { MediaType = MediaTypes.Manifest } }));
        Assert.Contains($"is of type {MediaTypes.DockerManifest}", failed.Message, StringComparison.Ordinal);
        Assert.Empty(_written.Manifests);
    }

    [Fact]
    public async Task ListsThatCannotBeAreRefusedBeforeAnythingIsAsked()
    {
        (ListMember a, _) = Two();
        await IsRefusedAsync($"manifest {a.Name} must have an OS and Architecture to be pushed to a registry", "out:1", a with { Descriptor = a.Descriptor with { Platform = new Platform { Os = "linux" } } });
        await IsRefusedAsync($"cannot use source images from a different registry than the target image: docker.io != {_server.Name}", "out:1", a with { Name = ImageReference.Parse("x:1") });
        await IsRefusedAsync($"manifest {a.Name}: \"md5:1\" is not a SHA-256 digest, the only kind that is supported", "out:1", a with { Descriptor = a.Descriptor with { Digest = "md5:1" } });
        await IsRefusedAsync($"{a.Name} is no manifest of an image: it has the type \"{MediaTypes.Index}\" and {a.Descriptor.Size} bytes", "out:1", a with { Descriptor = a.Descriptor with { MediaType = MediaTypes.Index } });
        await IsRefusedAsync($"{Name("out:1")}: a manifest list without manifests cannot be pushed", "out:1");
        await IsRefusedAsync($"{Name($"out@{a.Descriptor.Digest}")}: a manifest list is pushed under a tag", $"out@{a.Descriptor.Digest}", a);
        await IsRefusedAsync($"{Name("out:1")}: a list has at most 500 manifests of 64 MiB in all", "out:1", [.. Enumerable.Repeat(a, 501)]);
        await IsRefusedAsync($"{Name("out:1")}: a list has at most 500 manifests of 64 MiB in all", "out:1", [.. Enumerable.Repeat(a with { Descriptor = a.Descriptor with { Size = 4 << 20 } }, 17)]);
        string variant = new('v', 1 << 20);
        ListMember large = a with { Descriptor = a.Descriptor with { Platform = a.Descriptor.Platform! with { Variant = variant } } };
        EngineException tooLarge = await RefusedAsync(() => PushAsync("out:1", large, large, large, large));
        Assert.EndsWith("registries take at most 4 MiB", tooLarge.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    private async Task IsRefusedAsync(string message, string name, params ListMember[] members)
    {
        EngineException refused = await RefusedAsync(() => PushAsync(name, members));
        Assert.Equal((EngineErrorKind.Invalid, message), (refused.Kind, refused.Message));
    }

    private static Task<EngineException> RefusedAsync(Func<Task> act) => Assert.ThrowsAsync<EngineException>(act);

    // Two images in repositories of their own.
    private (ListMember, ListMember) Two() => (
        new ListMember(ImageReference.Parse(Name("amd:1")), _read.Image("", ["one"u8.ToArray()]), null),
        new ListMember(ImageReference.Parse(Name("arm:1")), _read.Image("", ["two"u8.ToArray()], "arm64"), null));

    // The writing side knows what the reading side has.
    private void AsWritten(string repository)
    {
        foreach ((string digest, byte[] bytes) in _read.Blobs)
        {
            _written.Blobs[$"{repository} {digest}"] = bytes;
        }
    }

    private string Name(string rest) => $"{_server.Name}/{rest}";

    private ManifestLists Lists() => new(
        _images.Root.Services.Database,
        _images.Root.Services.Content,
        _options);

    private Task<FoundManifests> FindAsync(string name, bool withMembers = false) => Lists().FindAsync(ImageReference.Parse(Name(name)), false, withMembers, null, Cancel);

    private Task PushAsync(string name, params ListMember[] members) =>
        Lists().PushAsync(new ManifestListRequest { Name = ImageReference.Parse(Name(name)), Members = members }, new Told<PushStep>(_steps.Enqueue), Cancel);
}
