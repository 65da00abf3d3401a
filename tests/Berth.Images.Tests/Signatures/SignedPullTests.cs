using System.Text;

using Berth.Images.Pull;
using Berth.Images.Signatures;
using Berth.Images.Registries;
using Berth.Images.Tests.Pull;
using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Tests;

namespace Berth.Images.Tests.Signatures;

/// <summary>Pulls under a policy, from registries made by hand.</summary>
public sealed class SignedPullTests : IDisposable
{
    private readonly TestImages _images = new();
    private readonly ScriptedRepository _repository = new();
    private readonly Signer _signer = new();
    private readonly ScriptedServer _server;
    private readonly RegistryOptions _options;
    private readonly string _folder;

    public SignedPullTests()
    {
        _server = new ScriptedServer(_repository.Answer);
        _folder = _images.Root.Scratch("hosts");
        _options = _server.Options(_folder);
        File.WriteAllText(Path.Join(_folder, "cosign.pub"), _signer.PublicKey);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _signer.Dispose();
        _server.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task ASignedImageComesByTagAndByDigest()
    {
        Descriptor image = Image("v1");
        Signer.Attach(_repository, image, _signer.Layer(_repository, image.Digest, Name("x/y:v1")));
        await PullAsync("x/y:v1");
        await PullAsync($"x/y@{image.Digest}");
        Assert.Equal([Name("x/y:v1")], _images.Store.Resolve(Name("x/y:v1")).RepoTags);
    }

    [Fact]
    public async Task ASignatureOfTheIndexCoversItsManifests()
    {
        Descriptor index = _repository.Index("v1", Image(""), _repository.Image("", [Tar("arm")], "arm64"));
        Signer.Attach(_repository, index, _signer.Layer(_repository, index.Digest, Name("x:v1")));
        await PullAsync("x:v1");
    }

    [Fact]
    public async Task ASignatureMayReferToTheImage()
    {
        Descriptor image = Image("v1");
        Descriptor signature = _repository.Manifest("", Signer.Manifest(_repository, _signer.Layer(_repository, image.Digest, Name("x:v1"))))
            with { ArtifactType = "application/vnd.dev.cosign.artifact.sig.v1+json" };
        _repository.Index(image.Digest.Replace(':', '-'), signature); // the tag that stands in for the list of referrers
        await PullAsync("x:v1");
    }

    [Fact]
    public async Task AnUnsignedImageIsRefusedAndNothingIsLeft() => await RefusedAsync("x:v1", Image("v1"), "it demands a signature by", "has none");

    [Fact]
    public async Task AnotherKeysSignatureIsRefused()
    {
        using var other = new Signer();
        Descriptor image = Image("v1");
        Signer.Attach(_repository, image, other.Layer(_repository, image.Digest, Name("x:v1")));
        await RefusedAsync("x:v1", image, "it was not made with the key");

        // Beside a good one it does no harm.
        Signer.Attach(_repository, image, other.Layer(_repository, image.Digest, Name("x:v1")), _signer.Layer(_repository, image.Digest, Name("x:v1")));
        await PullAsync("x:v1");
    }

    [Fact]
    public async Task ASignatureOfAnotherImageIsRefused()
    {
        Descriptor image = Image("v1"), other = _repository.Image("v2", [Tar("other")]);
        Signer.Attach(_repository, image, _signer.Layer(_repository, other.Digest, Name("x:v1")));
        await RefusedAsync("x:v1", image, $"it was made for another image, {other.Digest}");
    }

    [Fact]
    public async Task ASignatureForAnotherNameIsRefused()
    {
        Descriptor image = Image("v1");
        Signer.Attach(_repository, image, _signer.Layer(_repository, image.Digest, Name("x:v2")));
        await RefusedAsync("x:v1", image, $"it was made for the name {Name("x:v2")}, where {Name("x:v1")} is demanded");
        Signer.Attach(_repository, image, _signer.Layer(_repository, image.Digest, Name("x")));
        await RefusedAsync("x:v1", image, "\"matchRepository\"");
        await PullAsync("x:v1", """, "signedIdentity": {"type": "matchRepository"}""");
    }

    [Fact]
    public async Task DamagedSignaturesAreRefused()
    {
        Descriptor image = Image("v1");
        byte[] good = Signer.Payload(image.Digest, Name("x:v1"));
        byte[] changed = [.. good, (byte)' '];
        byte[] noJson = "no JSON"u8.ToArray();
        byte[] otherType = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(good).Replace("cosign container", "atomic container", StringComparison.Ordinal));
        byte[] further = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(good).Replace("\"critical\":{", "\"critical\":{\"only-on\":\"mondays\",", StringComparison.Ordinal));
        foreach ((byte[] payload, string signature, string why) in new[]
        {
            (changed, _signer.Sign(good), "its payload was changed"), (good, "###", "no base64"), (good, "", "it was not made with the key"),
            (noJson, _signer.Sign(noJson), "its payload is no JSON"), (otherType, _signer.Sign(otherType), "of the type \"atomic container image signature\""),
            (further, _signer.Sign(further), "critical fields that are not known"),
        })
        {
            Signer.Attach(_repository, image, Signer.Layer(_repository, payload, signature));
            await RefusedAsync("x:v1", image, why);
        }

        Signer.Attach(_repository, image, Signer.Layer(_repository, good, _signer.Sign(good)) with { Digest = Digest.Of("gone"u8).ToString() });
        await RefusedAsync("x:v1", image, "its payload cannot be had");
        Signer.Attach(_repository, image, Signer.Layer(_repository, good, _signer.Sign(good)) with { Size = 1L << 40 });
        await RefusedAsync("x:v1", image, "at most 64 KiB");
    }

    [Fact]
    public async Task OfAnEndlessListOnlyTheFirstAreLookedAt()
    {
        Descriptor image = Image("v1");
        using var other = new Signer();
        Descriptor[] many = [.. Enumerable.Range(0, 500).Select(i => other.Layer(_repository, image.Digest, Name($"x:v{i}")))];
        Signer.Attach(_repository, image, many);
        await RefusedAsync("x:v1", image, "none of the first 64 found is one");
        Assert.True(_server.Requests.Count(static r => r.Path.Contains("/blobs/", StringComparison.Ordinal)) <= 64);
    }

    [Fact]
    public async Task ABundleIsNamed()
    {
        Descriptor image = Image("v1");
        _repository.Index(image.Digest.Replace(':', '-'), image with { ArtifactType = "application/vnd.dev.sigstore.bundle.v0.3+json" });
        await RefusedAsync("x:v1", image, "sigstore bundle");
    }

    [Fact]
    public async Task ARejectedScopeIsNotEvenAsked()
    {
        Image("v1");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync(Request("x:v1"), Policy($$"""{"default": [{"type":"insecureAcceptAnything"}], "transports": {"docker": {"{{_server.Name}}": [{"type":"reject"}]} } }""")));
        Assert.Equal(EngineErrorKind.Forbidden, refused.Kind);
        Assert.Contains($"(docker \"{_server.Name}\")", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task AllRequirementsHaveToBeMet()
    {
        using var other = new Signer();
        string key = Path.Join(_folder, "other.pub");
        await File.WriteAllTextAsync(key, other.PublicKey, Cancel);
        Descriptor image = Image("v1");
        SignaturePolicy both = Policy($$"""{"default": [{"type":"sigstoreSigned","keyPath":"{{_folder}}/cosign.pub"}, {"type":"sigstoreSigned","keyPath":"{{key}}"}]}""");
        Signer.Attach(_repository, image, _signer.Layer(_repository, image.Digest, Name("x:v1")));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync(Request("x:v1"), both));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Signer.Attach(_repository, image, _signer.Layer(_repository, image.Digest, Name("x:v1")), other.Layer(_repository, image.Digest, Name("x:v1")));
        await PullAsync(Request("x:v1"), both);
    }

    [Fact]
    public async Task OfAllTagsOneThatIsNotSignedIsRefused()
    {
        Descriptor one = Image("v1");
        _repository.Image("v2", [Tar("two")]);
        Signer.Attach(_repository, one, _signer.Layer(_repository, one.Digest, Name("x:v1")));
        _repository.Tags.RemoveAll(static t => t.StartsWith("sha256-", StringComparison.Ordinal));
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync("x"));
        Assert.Contains("x:v2 refused by the signature policy", refused.Message, StringComparison.Ordinal);
        Assert.Equal([Name("x:v1")], _images.Store.List().SelectMany(static i => i.RepoTags));
    }

    private async Task RefusedAsync(string name, Descriptor image, params string[] reasons)
    {
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => PullAsync(name));
        Assert.Equal(EngineErrorKind.Forbidden, refused.Kind);
        Assert.StartsWith($"{Name(name)} refused by the signature policy {Path.Join(_folder, "policy.json")} (default): ", refused.Message, StringComparison.Ordinal);
        Assert.All(reasons, r => Assert.Contains(r, refused.Message, StringComparison.Ordinal));
        Assert.Empty(_images.Store.List());
        foreach (string table in (string[])["blobs", "snapshots", "layers", "leases", "tags"])
        {
            Assert.Equal(0, _images.Root.Services.Database.Read(s => s.Number($"SELECT count(*) FROM {table}")));
        }

        Assert.NotEqual("", image.Digest);
    }

    private static byte[] Tar(string content) => new TarBuilder().File("f", content).Build();

    private Descriptor Image(string tag) => _repository.Image(tag, [Tar("first")]);

    private string Name(string rest) => $"{_server.Name}/{rest}";

    private SignaturePolicy Policy(string text)
    {
        string path = Path.Join(_folder, "policy.json");
        File.WriteAllText(path, text);
        return SignaturePolicy.Read(path)!;
    }

    private PullRequest Request(string name) => new() { Reference = ImageReference.Parse(Name(name)) };

    private Task PullAsync(string name, string further = "") =>
        PullAsync(Request(name), Policy($$"""{"default": [{"type":"sigstoreSigned","keyPath":"{{_folder}}/cosign.pub"{{further}}}]}"""));

    private Task PullAsync(PullRequest request, SignaturePolicy policy)
    {
        StorageServices services = _images.Root.Services;
        return new ImagePuller(services.Database, services.Content, services.Layers, _options) { Policy = policy }.PullAsync(request, new Progress<PullStep>(), Cancel);
    }
}
