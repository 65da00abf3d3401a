using System.Text;

using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Images.Signatures;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Images.Tests.Signatures;

/// <summary>One policy file, one signature, Debian's docker-registry between: we decide as its page says, and as a skopeo does that was built to.</summary>
public sealed class SkopeoAgreementTests : IAsyncLifetime
{
    private readonly TestImages _images = new();
    private readonly Signer _signer = new(), _other = new();
    private DockerRegistry _registry = null!;
    private RegistryClient _client = null!;
    private string _folder = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(DockerRegistry.IsInstalled, "docker-registry is not installed");
        _registry = await DockerRegistry.StartAsync();
        _client = await RegistryClient.OpenAsync(new RegistryOptions { HostsFolders = [] }, _registry.Name, null, Cancel);
        _folder = _images.Root.Scratch("policy");
        Directory.CreateDirectory(Path.Join(_folder, "d"));
        await File.WriteAllTextAsync(Path.Join(_folder, "d", "x.yaml"), "default-docker:\n  use-sigstore-attachments: true\n", Cancel);
        await File.WriteAllTextAsync(Path.Join(_folder, "key.pub"), _signer.PublicKey, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _signer.Dispose();
        _other.Dispose();
        _images.Dispose();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task BothAcceptAndRefuseTheSame()
    {
        await _registry.PushAsync($"docker-archive:{BusyboxImage.Archive}", "a/b:1");
        FetchedManifest image = await _client.GetManifestAsync("a/b", "1", null, Cancel);
        string digest = image.Descriptor.Digest, own = $"{_registry.Name}/a/b", wrong = Digest.Of("x"u8).ToString();
        (bool Good, string Identity, string Digest, string Name, bool Strangers)[] cases =
        [
            (true, "", digest, $"{own}:1", false),
            (false, "", digest, $"{own}:1", true),
            (false, "", wrong, $"{own}:1", false),
            (false, "", digest, $"{own}:2", false),
            (false, "", digest, own, false),
            (true, "matchRepository", digest, own, false),
            (false, "matchRepository", digest, $"{own}c", false),
            (true, "matchExact", digest, $"{own}:1", false),
            (true, "exactReference\", \"dockerReference\": \"up.example/x:9", digest, "up.example/x:9", false),
            (false, "exactReference\", \"dockerReference\": \"up.example/x:9", digest, $"{own}:1", false),
            (true, "exactRepository\", \"dockerRepository\": \"up.example/x", digest, "up.example/x:7", false),
            (true, $"remapIdentity\", \"prefix\": \"{_registry.Name}\", \"signedPrefix\": \"up.example", digest, "up.example/a/b:1", false),
        ];
        foreach ((bool good, string identity, string signed, string name, bool strangers) in cases)
        {
            byte[] payload = Signer.Payload(signed, name);
            await AttachAsync(digest, payload, (strangers ? _other : _signer).Sign(payload));
            string policy = await PolicyAsync(identity);
            ProcessResult theirs = await Run.Async(
                "skopeo", ["--policy", policy, "--registries.d", Path.Join(_folder, "d"), "copy", "--src-tls-verify=false", $"docker://{own}:1", $"dir:{_images.Root.Scratch("out")}"], null);
            bool decides = !theirs.Error.Contains("sigstore disabled", StringComparison.Ordinal); // Debian 12 builds it without
            Assert.True(!decides || good == (theirs.ExitCode == 0), $"skopeo about {identity} {name}: {theirs.Error}");
            string? ours = await PullAsync($"{own}:1", policy);
            Assert.True(good == (ours is null), $"we about {identity} {name}: {ours}");
        }
    }

    private async Task<string> PolicyAsync(string identity)
    {
        string path = Path.Join(_folder, "policy.json"), further = identity.Length == 0 ? "" : $$""","signedIdentity": {"type": "{{identity}}"}""";
        await File.WriteAllTextAsync(path, $$"""{"default": [{"type": "reject"}], "transports": {"docker": {"{{_registry.Name}}/a": [{"type": "sigstoreSigned", "keyPath": "{{_folder}}/key.pub"{{further}} }]} } }""", Cancel);
        return path;
    }

    private async Task<string?> PullAsync(string name, string policy)
    {
        StorageServices services = _images.Root.Services;
        var puller = new ImagePuller(services.Database, services.Content, services.Layers, new RegistryOptions { HostsFolders = [] }) { Policy = SignaturePolicy.Read(policy) };
        try
        {
            await puller.PullAsync(new PullRequest { Reference = ImageReference.Parse(name) }, new Progress<PullStep>(), Cancel);
            return null;
        }
        catch (EngineException e) when (e.Kind == EngineErrorKind.Forbidden)
        {
            return e.Message;
        }
    }

    private async Task AttachAsync(string digest, byte[] payload, string signature)
    {
        Descriptor config = await UploadAsync("{}"u8.ToArray(), MediaTypes.Config), layer = await UploadAsync(payload, "application/vnd.dev.cosign.simplesigning.v1+json");
        string manifest = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config.Digest}}","size":{{config.Size}} },
             "layers":[{"mediaType":"{{layer.MediaType}}","digest":"{{layer.Digest}}","size":{{layer.Size}},"annotations":{"dev.cosignproject.cosign/signature":"{{signature}}"} }]}
            """;
        await new BlobUpload(_client, "a/b").PutManifestAsync($"{digest.Replace(':', '-')}.sig", MediaTypes.Manifest, Encoding.UTF8.GetBytes(manifest), Cancel);
    }

    private async Task<Descriptor> UploadAsync(byte[] bytes, string type)
    {
        var upload = new BlobUpload(_client, "a/b");
        await upload.FinishAsync((await upload.BeginAsync(null, Cancel))!, Digest.Of(bytes), () => new MemoryStream(bytes), bytes.Length, Cancel);
        return new Descriptor { MediaType = type, Digest = Digest.Of(bytes).ToString(), Size = bytes.Length };
    }
}
