using System.Security.Cryptography;
using System.Text;

using Berth.Images.Signatures;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Tests.Signatures;

/// <summary>Policy files: which part decides, and what is refused when they are read.</summary>
public sealed class SignaturePolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-policy-").FullName;
    private readonly Signer _signer = new();

    private string Key
    {
        get
        {
            string path = Path.Join(_folder, "cosign.pub");
            File.WriteAllText(path, _signer.PublicKey);
            return path;
        }
    }

    public void Dispose()
    {
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("busybox", "docker \"docker.io/library/busybox\"")]
    [InlineData("busybox:1", "docker \"docker.io/library/busybox:1\"")]
    [InlineData("docker.io/library/alpine", "docker \"docker.io\"")]
    [InlineData("host.example:5000/team/app:v1", "docker \"host.example:5000/team\"")]
    [InlineData("host.example:5000/teamwork/app", "docker \"*.example\"")]
    [InlineData("a.b.example/x", "docker \"*.b.example\"")]
    [InlineData("localhost:5000/x", "the default of docker")]
    [InlineData("busybox:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "docker \"docker.io/library/busybox\"")]
    [InlineData("x/y@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "docker \"docker.io/x/y@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    public void TheMostSpecificScopeDecides(string name, string scope)
    {
        string[] scopes =
        [
            "", "docker.io", "docker.io/library/busybox", "docker.io/library/busybox:1", "host.example:5000/team", "*.example", "*.b.example",
            "docker.io/x/y@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ];
        SignaturePolicy policy = Read($$"""{"default": [{"type":"reject"}], "transports": {"docker": { {{string.Join(",", scopes.Select(s => $$"""  "{{s}}": [{"type":"insecureAcceptAnything"}] """))}} } } }""");
        Assert.Equal(scope, policy.For(ImageReference.Parse(name)).Shown);
        Assert.False(policy.For(ImageReference.Parse(name)).Rejects);
    }

    [Fact]
    public void WithoutAScopeTheDefaultDecides()
    {
        SignaturePolicy policy = Read("""{"default": [{"type":"reject"}], "transports": {"docker-archive": {"": [{"type":"insecureAcceptAnything"}]}, "dir": {"": [{"type":"whatever"}]} } }""");
        Assert.True(policy.For(ImageReference.Parse("busybox")).Rejects);
        policy.CheckArchive("docker-archive");
        EngineException refused = Assert.Throws<EngineException>(() => policy.CheckArchive("oci-archive"));
        Assert.Equal(EngineErrorKind.Forbidden, refused.Kind);
        Assert.Contains("oci-archive", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "no \"default\"")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""{"default": []}""", "not empty")]
    [InlineData("""{"default": [{"type":"reject"}], "default": [{"type":"insecureAcceptAnything"}]}""", "default")]
    [InlineData("""{"default": [{"type":"reject"}], "defaults": 1}""", "unknown field \"defaults\"")]
    [InlineData("""{"default": [{"type":"reject", "keyPath": "/x"}]}""", "unknown field \"keyPath\"")]
    [InlineData("""{"default": [{"type":"signedBy", "keyType": "GPGKeys", "keyPath": "/x"}]}""", "\"signedBy\"")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "fulcio": {}}]}""", "\"fulcio\"")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "rekorPublicKeyPath": "/x"}]}""", "\"rekorPublicKeyPath\"")]
    [InlineData("""{"default": [{"type":"sigstoreSigned"}]}""", "needs keyPath")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "/none"}]}""", "/none")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "keyData": "YQ=="}]}""", "only one of")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyData": "YQ=="}]}""", "no PEM file")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "signedIdentity": {"type": "matchAll"}}]}""", "unknown type \"matchAll\"")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "signedIdentity": {"type": "exactReference", "dockerReference": "x/y"}}]}""", "tag or a digest")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "signedIdentity": {"type": "exactRepository", "dockerRepository": "x/y:1"}}]}""", "neither tag nor digest")]
    [InlineData("""{"default": [{"type":"sigstoreSigned", "keyPath": "KEY", "signedIdentity": {"type": "remapIdentity", "prefix": "docker.io"}}]}""", "no \"signedPrefix\"")]
    [InlineData("""{"default": [{"type":"magic"}]}""", "\"magic\"")]
    [InlineData("""{"default": """, "cannot be used")]
    public void WhatIsWrongOrNotSupportedIsRefusedByName(string text, string why)
    {
        EngineException refused = Assert.Throws<EngineException>(() => Read(text.Replace("KEY", Key, StringComparison.Ordinal)));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Join(_folder, "policy.json"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysComeFromFilesAndFromTheFileItself()
    {
        string data = Convert.ToBase64String(Encoding.UTF8.GetBytes(_signer.PublicKey));
        foreach (string keys in (string[])[$"\"keyPath\": \"{Key}\"", $"\"keyPaths\": [\"{Key}\"]", $"\"keyData\": \"{data}\"", $"\"keyDatas\": [\"{data}\", \"{data}\"]"])
        {
            SignaturePolicy policy = Read($$"""{"default": [{"type":"sigstoreSigned", {{keys}} }]}""");
            byte[] payload = "x"u8.ToArray();
            Assert.True(policy.For(ImageReference.Parse("x")).Signed[0].Keys[^1].Verifies(payload, Convert.FromBase64String(_signer.Sign(payload))));
        }
    }

    [Fact]
    public void ShortRsaAndPrivateKeysAreRefused()
    {
        using var small = RSA.Create(1024);
        Assert.Contains("1024 bits", Assert.Throws<FormatException>(() => SigningKey.Parse(Encoding.ASCII.GetBytes(small.ExportSubjectPublicKeyInfoPem()), "k")).Message, StringComparison.Ordinal);
        Assert.Contains("PRIVATE KEY", Assert.Throws<FormatException>(() => SigningKey.Parse(Encoding.ASCII.GetBytes(small.ExportPkcs8PrivateKeyPem()), "k")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("matchRepoDigestOrExact", "h.example/a:1", "h.example/a:1", true)]
    [InlineData("matchRepoDigestOrExact", "h.example/a:1", "h.example/a:2", false)]
    [InlineData("matchRepoDigestOrExact", "h.example/a:1", "h.example/a", false)]
    [InlineData("matchRepoDigestOrExact", "h.example/a@D", "h.example/a:2", true)]
    [InlineData("matchRepoDigestOrExact", "h.example/a@D", "h.example/b:2", false)]
    [InlineData("matchExact", "h.example/a:1", "h.example/a:1", true)]
    [InlineData("matchExact", "h.example/a@D", "h.example/a:1", false)]
    [InlineData("matchRepository", "h.example/a:1", "h.example/a", true)]
    [InlineData("matchRepository", "h.example/a:1", "h.example/b:1", false)]
    [InlineData("matchRepository", "docker.io/library/a:1", "index.docker.io/library/a", true)]
    [InlineData("exactReference\", \"dockerReference\": \"h.example/z:9", "h.example/a:1", "h.example/z:9", true)]
    [InlineData("exactReference\", \"dockerReference\": \"h.example/z:9", "h.example/z:1", "h.example/z:1", false)]
    [InlineData("exactRepository\", \"dockerRepository\": \"h.example/z", "h.example/a:1", "h.example/z:7", true)]
    [InlineData("exactRepository\", \"dockerRepository\": \"h.example/z", "h.example/z/y:1", "h.example/z/y:1", false)]
    [InlineData("remapIdentity\", \"prefix\": \"mirror.example/up\", \"signedPrefix\": \"h.example", "mirror.example/up/a:1", "h.example/a:1", true)]
    [InlineData("remapIdentity\", \"prefix\": \"mirror.example/up\", \"signedPrefix\": \"h.example", "mirror.example/upper/a:1", "h.example/per/a:1", false)]
    [InlineData("remapIdentity\", \"prefix\": \"mirror.example/up\", \"signedPrefix\": \"h.example", "other.example/a:1", "other.example/a:1", true)]
    [InlineData("remapIdentity\", \"prefix\": \"mirror.example/up\", \"signedPrefix\": \"h.example", "mirror.example/up/a:1", "mirror.example/up/a:1", false)]
    public void TheNameInASignatureIsCompared(string identity, string asked, string signed, bool accepted)
    {
        SignaturePolicy policy = Read($$"""{"default": [{"type":"sigstoreSigned", "keyPath": "{{Key}}", "signedIdentity": {"type": "{{identity}}"} }]}""");
        var name = ImageReference.Parse(asked.Replace("@D", "@sha256:" + new string('a', 64), StringComparison.Ordinal));
        Assert.Equal(accepted, policy.For(name).Signed[0].Identity.Accepts(name, ImageReference.Parse(signed)));
    }

    private SignaturePolicy Read(string text)
    {
        string path = Path.Join(_folder, "policy.json");
        File.WriteAllText(path, text);
        return SignaturePolicy.Read(path)!;
    }
}
