using System.Text;

using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Oci.Tests.Images;

/// <summary>Digests of lists that Docker's client 28 pushed.</summary>
public sealed class ManifestListTests
{
    private static readonly Descriptor OciAmd = Member(MediaTypes.Manifest, "95f2a1d643c75524fc57d05632162ddd5944edd1c4170defaddbc47a5bdfa4d4", 448, new Platform { Architecture = "amd64", Os = "linux" });

    private static readonly Descriptor OciArm = Member(MediaTypes.Manifest, "5095e0113a065fb64279283de2360127c5d69352f5109a4fee33f9033418ac59", 448, new Platform { Architecture = "arm64", Os = "linux", Variant = "v8" });

    private static readonly Descriptor DockerAmd = Member(MediaTypes.DockerManifest, "f044cb2678c350cbfb421fe3d3733298b70eb8921c19f84adc17b99d3ea9c84e", 422, new Platform { Architecture = "amd64", Os = "linux" });

    private static readonly Descriptor DockerArm = Member(MediaTypes.DockerManifest, "8bbec973f3096b3f9a5e6deb054ed6f7add1ba6c22803bacb659bd3087555219", 422, new Platform { Architecture = "arm64", Os = "linux", Variant = "v8" });

    [Fact]
    public void OciManifestsMakeAnIndexWithEverythingOfAPlatform() => Assert.Equal(
        "sha256:3a25fa02a98b3ee437d522b0423ce2187e37ec7ff110bfbe78304209dd1f060f",
        DigestOf(OciAmd, OciArm with { Platform = OciArm.Platform! with { OsVersion = "7", OsFeatures = ["a", "b", "c"], Variant = "v9" } }));

    [Fact]
    public void DockersManifestsMakeAListOfDockers() => Assert.Equal("sha256:a01d7ef28668a23f0e9704261f4c1032555865b64e460addcb95d701df7eac42", DigestOf(DockerAmd with { Platform = new Platform { Architecture = "amd64", Os = "windows" } }, DockerArm));

    /// <summary>As by Docker's client, the first decides.</summary>
    [Fact]
    public void OfMixedManifestsTheFirstDecides()
    {
        Assert.Equal("sha256:be1f050fe51bf5d2906e14ba5ba4af9b8657fa961a412c3cab946d2dc3ba7acf", DigestOf(OciArm, DockerAmd));
        Assert.Equal((MediaTypes.Index, MediaTypes.DockerManifestList), (ManifestList.TypeOf([OciArm, DockerAmd]), ManifestList.TypeOf([DockerAmd, OciArm])));
        Assert.Equal(MediaTypes.DockerManifestList, ManifestList.TypeOf([]));
    }

    [Fact]
    public void OnlyWhatAListSaysGoesIn()
    {
        Descriptor rich = OciAmd with { Urls = ["u"], Annotations = new Dictionary<string, string> { ["a"] = "b" }, ArtifactType = "t", Platform = OciAmd.Platform! with { Variant = "", OsVersion = "", OsFeatures = [] } };
        Assert.Equal(ManifestList.Write([OciAmd]), ManifestList.Write([rich]));
        Assert.Contains("\"platform\": {\n            \"architecture\": \"\",\n            \"os\": \"\"\n         }", ManifestList.Write([OciAmd with { Platform = null }]), StringComparison.Ordinal);
        Assert.EndsWith("\"manifests\": []\n}", ManifestList.Write([]), StringComparison.Ordinal);
        Assert.Contains("\"v\\u003c1\\u003e\"", ManifestList.Write([OciAmd with { Platform = OciAmd.Platform with { Variant = "v<1>" } }]), StringComparison.Ordinal);
    }

    private static Descriptor Member(string type, string digest, long size, Platform platform) => new() { MediaType = type, Digest = $"sha256:{digest}", Size = size, Platform = platform };

    private static string DigestOf(params Descriptor[] members) => Digest.Of(Encoding.UTF8.GetBytes(ManifestList.Write(members))).ToString();
}
