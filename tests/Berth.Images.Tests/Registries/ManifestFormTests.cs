using System.Text;

using Berth.Images.Registries;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Images.Tests.Registries;

public sealed class ManifestFormTests
{
    [Theory]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[]}""", MediaTypes.Manifest, MediaTypes.Manifest)]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[]}""", null, MediaTypes.Manifest)]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", "application/json", MediaTypes.Index)]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{},"layers":[]}""", MediaTypes.DockerManifest + "; charset=utf-8", MediaTypes.DockerManifest)]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json","manifests":[]}""", "text/plain", MediaTypes.DockerManifestList)]
    public void TheKindIsTold(string json, string? type, string kind) => Assert.Equal(kind, ManifestForm.Of(Encoding.UTF8.GetBytes(json), type));

    [Theory]
    [InlineData("""{"schemaVersion":1,"fsLayers":[]}""", null, "schema 1")]
    [InlineData("""{"schemaVersion":2,"config":{}}""", "application/vnd.docker.distribution.manifest.v1+prettyjws", "schema 1")]
    [InlineData("""{"schemaVersion":2,"config":{},"manifests":[]}""", MediaTypes.Manifest, "at once")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","config":{},"layers":[]}""", MediaTypes.Manifest, "calls itself")]
    [InlineData("""{"schemaVersion":2,"manifests":[]}""", MediaTypes.Manifest, "has not the members")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/x","config":{}}""", null, "application/x is no manifest")]
    [InlineData("{}", "text/html", "text/html is no manifest")]
    [InlineData("[]", null, "no JSON object")]
    [InlineData("{", MediaTypes.Manifest, "malformed JSON")]
    public void OthersAreRefusedByName(string json, string? type, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => ManifestForm.Of(Encoding.UTF8.GetBytes(json), type)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"username":"u","password":"p"}""", "u", "p")]
    [InlineData("""{"auth":"dTpwOnE="}""", "u", "p:q")]
    public void CredentialsAreReadInBothAlphabets(string json, string name, string password)
    {
        string plain = Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
        foreach (string header in new[] { plain, plain.TrimEnd('='), plain.Replace('+', '-').Replace('/', '_') })
        {
            RegistryCredentials? credentials = RegistryCredentials.FromHeader(header);
            Assert.Equal((name, password), (credentials?.Username, credentials?.Password));
            Assert.DoesNotContain(password, credentials!.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("e30=")]
    [InlineData("bnVsbA==")]
    [InlineData("eyJzZXJ2ZXJhZGRyZXNzIjoieCJ9")]
    public void NoCredentialsAreNone(string? header) => Assert.Null(RegistryCredentials.FromHeader(header));

    [Theory]
    [InlineData("!")]
    [InlineData("aHVudGVyMg==")]
    public void NonsenseIsRefusedWithoutQuotingIt(string header)
    {
        EngineException refused = Assert.Throws<EngineException>(() => RegistryCredentials.FromHeader(header));
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The parser looks at texts only when they are asked for, and says then in another way that they are none.</summary>
    [Fact]
    public void TextThatIsNotUtf8IsMalformed() => Assert.Equal(
        "it is malformed JSON",
        Assert.Throws<FormatException>(static () => ManifestForm.Of((byte[])[.. "{\"mediaType\":\"a"u8, 0xE5, .. "\",\"config\":{}}"u8], null)).Message);
}
