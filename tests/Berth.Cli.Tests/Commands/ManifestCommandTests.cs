using System.Text;

namespace Berth.Cli.Tests.Commands;

/// <summary>manifest create, annotate, inspect, push and rm, and the drafts they share with Docker's client.</summary>
public sealed class ManifestCommandTests : IDisposable
{
    private const string Amd = """{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:95f2a1d643c75524fc57d05632162ddd5944edd1c4170defaddbc47a5bdfa4d4","size":448,"platform":{"architecture":"amd64","os":"linux"}}""";
    private const string Manifest = """{"schemaVersion": 2, "annotations": {"a": "<b>&c"}, "layers": []}""";

    // As Docker 28 writes it.
    private const string Draft = $$$"""{"Ref":"h:5000/app/amd64:1","Descriptor":{{{Amd}}},"Raw":"eyJzY2hlbWFWZXJzaW9uIjogMiwgImFubm90YXRpb25zIjogeyJhIjogIjxiPiZjIn0sICJsYXllcnMiOiBbXX0=","OCIManifest":{"schemaVersion":2,"annotations":{"a":"\u003cb\u003e\u0026c"},"layers":[]}}""";

    // As Docker 20.10 writes it: without the bytes.
    private const string OldDraft = """{"Ref":"h:5000/app/arm64:1","Descriptor":{"mediaType":"application/vnd.docker.distribution.manifest.v2+json","digest":"sha256:8bbec973f3096b3f9a5e6deb054ed6f7add1ba6c22803bacb659bd3087555219","size":422,"platform":{"architecture":"arm64","os":"linux","variant":"v8"}},"SchemaV2Manifest":{"schemaVersion":2}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("berth-manifest-").FullName;
    private readonly FakeDaemon daemon = new();

    private string Drafts => Path.Join(folder, "manifests");

    public void Dispose()
    {
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void CreateKeepsWhatDockersClientWouldKeep()
    {
        File.WriteAllText(Path.Join(folder, "config.json"), """{"auths":{"h:5000":{"auth":"ZXZlOnNlc2FtZQ=="}}}""");
        Serve("h:5000/app/amd64:1", Found(Amd, "h:5000/app/amd64:1"));
        Assert.Equal(new ClientResult(0, "Created manifest list docker.io/library/list:latest\n", ""), Run("create", "--insecure", "list", "h:5000/app/amd64:1"));
        FakeRequest request = Assert.Single(daemon.Requests);
        Assert.Equal("GET /berth/manifest?name=h:5000%2Fapp%2Famd64:1&insecure=1", request.Line);
        Assert.Contains("X-Registry-Auth: ", request.Head, StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFiles(Drafts, "*", SearchOption.AllDirectories));
        Assert.Equal(Path.Join(Drafts, "docker.io_library_list-latest", "h-5000_app_amd64-1"), file);
        Assert.Equal(Draft, File.ReadAllText(file));
    }

    [Fact]
    public void AListIsAmendedOnlyWhereThatIsAskedFor()
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        Keep("h-5000_l-1", "h-5000_app_arm64-1", OldDraft);
        Assert.Equal(new ClientResult(1, "", "refusing to amend an existing manifest list with no --amend flag\n"), Run("create", "h:5000/l:1", "h:5000/app/amd64:1"));
        Serve("h:5000/app/arm64:1", Found(Amd, "h:5000/app/arm64:1"));
        Assert.Equal(0, Run("create", "-a", "h:5000/l:1", "h:5000/app/amd64:1", "h:5000/app/arm64:1").Code);
        Assert.Equal("GET /berth/manifest?name=h:5000%2Fapp%2Farm64:1", Assert.Single(daemon.Requests).Line); // of the other the bytes are here
    }

    [Theory]
    [InlineData("""{"message":"no such manifest: h:5000/x:1"}""", 404, "no such manifest: h:5000/x:1\n")]
    [InlineData("""{"message":"page not found"}""", 404, "the engine at ADDRESS cannot look into registries for this; that needs berthd VERSION or later\n")]
    [InlineData("""{"IsList":true,"Manifests":[]}""", 200, "h:5000/x:1 is a manifest list\n")]
    public void AListIsMadeWholeOrNotAtAll(string answer, int status, string error)
    {
        Serve("h:5000/x:1", answer, status);
        Serve("h:5000/app/amd64:1", Found(Amd, "h:5000/app/amd64:1"));
        string expected = error.Replace("ADDRESS", daemon.Address, StringComparison.Ordinal).Replace("VERSION", Identity.Version, StringComparison.Ordinal);
        Assert.Equal(new ClientResult(1, "", expected), Run("create", "h:5000/l:1", "h:5000/app/amd64:1", "h:5000/x:1"));
        Assert.False(Directory.Exists(Drafts));
    }

    [Fact]
    public void AnnotateChangesThePlatformAlone()
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        Assert.Equal(new ClientResult(0, "", ""), Run("annotate", "h:5000/l:1", "h:5000/app/amd64:1", "--os-features", "a,b", "--os-features", "a", "--os-version", "7", "--variant", "v9", "--arch", "arm64"));
        Assert.Equal(
            Draft.Replace("""{"architecture":"amd64","os":"linux"}""", """{"architecture":"arm64","os":"linux","os.version":"7","os.features":["a","b"],"variant":"v9"}""", StringComparison.Ordinal),
            File.ReadAllText(Path.Join(Drafts, "h-5000_l-1", "h-5000_app_amd64-1")));
        Run("annotate", "h:5000/l:1", "h:5000/app/amd64:1", "--os-features", "c", "--os", "windows", "--arch", "386");
        Assert.Contains("""{"architecture":"386","os":"windows","os.version":"7","os.features":["a","b","c"],"variant":"v9"}""", File.ReadAllText(Path.Join(Drafts, "h-5000_l-1", "h-5000_app_amd64-1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("annotate h:5000/l:1 h:5000/app/amd64:1 --arch foo", "manifest entry for image has unsupported os/arch combination: /foo")]
    [InlineData("annotate h:5000/l:1 h:5000/app/amd64:1 --os linux --arch wasm", "manifest entry for image has unsupported os/arch combination: linux/wasm")]
    [InlineData("annotate h:5000/l:1 h:5000/app/amd64:2 --arch arm", "manifest for image h:5000/app/amd64:2 does not exist in h:5000/l:1")]
    [InlineData("annotate h:5000/l:2 h:5000/app/amd64:1 --arch arm", "manifest for image h:5000/app/amd64:1 does not exist in h:5000/l:2")]
    [InlineData("annotate :: x", "annotate: error parsing name for manifest list ::: invalid reference format")]
    [InlineData("annotate x ::", "annotate: error parsing name for manifest ::: invalid reference format")]
    [InlineData("create :: x", "error parsing name for manifest list ::: invalid reference format")]
    [InlineData("create x ::", "invalid reference format")]
    [InlineData("inspect ::", "invalid reference format")]
    [InlineData("inspect h:5000/l:1 h:5000/app/amd64:9", "No such manifest: h:5000/app/amd64:9")]
    [InlineData("inspect h:5000/l:9 h:5000/app/amd64:1", "No such manifest: h:5000/app/amd64:1")]
    [InlineData("inspect other:1/l", "failed to assemble ManifestDescriptor: cannot use source images from a different registry than the target image: h:5000 != other:1")]
    [InlineData("push h:5000/l:9", "No such manifest: h:5000/l:9")]
    [InlineData("push h:5000/none", "h:5000/none:latest not found")]
    [InlineData("rm h:5000/l:9 ::", "No such manifest: h:5000/l:9\ninvalid reference format")]
    public void FailuresAreInDockersWords(string line, string error)
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        Keep("other-1_l-latest", "h-5000_app_amd64-1", Draft);
        Directory.CreateDirectory(Path.Join(Drafts, "h-5000_none-latest"));
        Assert.Equal(new ClientResult(1, "", error + "\n"), Run(line.Split(' ')));
        Assert.Empty(daemon.Requests);
        Assert.Equal(Draft, File.ReadAllText(Path.Join(Drafts, "h-5000_l-1", "h-5000_app_amd64-1")));
    }

    [Fact]
    public void ADraftIsShownWithoutAskingAnyone()
    {
        Keep("h-5000_l-1", "h-5000_app_arm64-1", OldDraft);
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        Golden.Check("manifest/list.txt", Run("inspect", "h:5000/l:1").Out);
        Golden.Check("manifest/list-verbose.txt", Run("inspect", "-v", "h:5000/l:1").Out);
        Golden.Check("manifest/member.txt", Run("inspect", "h:5000/l:1", "h:5000/app/amd64:1").Out);
        Golden.Check("manifest/member-verbose.txt", Run("inspect", "-v", "h:5000/l:1", "h:5000/app/amd64:1").Out);
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public void WhatARegistryHasIsShownAlike()
    {
        Serve("h:5000/app/amd64:1", Found(Amd, "h:5000/app/amd64:1"));
        Assert.Equal("{\n\t\"schemaVersion\": 2,\n\t\"annotations\": {\n\t\t\"a\": \"<b>&c\"\n\t},\n\t\"layers\": []\n}\n", Run("inspect", "h:5000/app/amd64:1").Out);
        string verbose = Run("inspect", "-v", "h:5000/app/amd64:1").Out;
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        Assert.Equal(Run("inspect", "-v", "h:5000/l:1", "h:5000/app/amd64:1").Out, verbose);

        string list = Found(Amd, "h:5000/app/amd64:1").Replace("\"IsList\":false", "\"IsList\":true", StringComparison.Ordinal);
        daemon.On("GET /berth/manifest?name=h:5000%2Fm:1", list);
        Assert.Equal(Run("inspect", "h:5000/l:1").Out, Run("inspect", "h:5000/m:1").Out);
        Assert.Equal($"[\n\t{verbose.TrimEnd().Replace("\n", "\n\t", StringComparison.Ordinal)}\n]\n", Run("inspect", "--verbose", "h:5000/m:1").Out);
        Assert.Equal("GET /berth/manifest?name=h:5000%2Fm:1&members=1", daemon.Requests.Last().Line);
    }

    [Fact]
    public void PushSendsTheMembersInTheOrderOfTheirNames()
    {
        Keep("h-5000_l-1", "h-5000_app_arm64-1", OldDraft);
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        daemon.On("POST /berth/manifest-push", "{\"status\":\"Pushed ref x\"}\n{\"status\":\"sha256:1\"}\n{\"progressDetail\":{},\"aux\":{\"Tag\":\"1\"}}\n");
        Assert.Equal(new ClientResult(0, "Pushed ref x\nsha256:1\n", ""), Run("push", "h:5000/l:1"));
        string old = OldDraft[OldDraft.IndexOf("{\"mediaType", StringComparison.Ordinal)..OldDraft.IndexOf(",\"SchemaV2", StringComparison.Ordinal)];
        Assert.Equal(
            $$$"""{"Name":"h:5000/l:1","Insecure":false,"Manifests":[{"Ref":"h:5000/app/amd64:1","Descriptor":{{{Amd}}}},{"Ref":"h:5000/app/arm64:1","Descriptor":{{{old}}}}]}""",
            Assert.Single(daemon.Requests).Text);
        Assert.True(Directory.Exists(Path.Join(Drafts, "h-5000_l-1")));
        Assert.Equal(0, Run("push", "-p", "--insecure", "h:5000/l:1").Code);
        Assert.Contains("\"Insecure\":true", daemon.Requests.Last().Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(Drafts, "h-5000_l-1")));
    }

    [Fact]
    public void APushThatFailedKeepsTheDraft()
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", Draft);
        daemon.On("POST /berth/manifest-push", """{"message":"denied: no"}""", 404);
        Assert.Equal(new ClientResult(1, "", "denied: no\n"), Run("push", "-p", "h:5000/l:1"));
        daemon.On("POST /berth/manifest-push", "{\"status\":\"Pushed ref x\"}\n{\"errorDetail\":{\"message\":\"it broke\"},\"error\":\"it broke\"}\n");
        Assert.Equal(new ClientResult(1, "Pushed ref x\n", "it broke\n"), Run("push", "-p", "h:5000/l:1"));
        Assert.True(Directory.Exists(Path.Join(Drafts, "h-5000_l-1")));
    }

    [Fact]
    public void RemoveTakesTheOnesThatAreThereAndDamagedOnesToo()
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", "{");
        Keep("h-5000_l-2", "h-5000_app_amd64-1", """{"Ref":"h:5000/app/amd64:1","Digest":"sha256:1"}""");
        string path = Path.Join(Drafts, "h-5000_l-1", "h-5000_app_amd64-1");
        Assert.StartsWith($"{path} is no draft of a manifest: ", Run("inspect", "h:5000/l:1").Error, StringComparison.Ordinal);
        Assert.Contains("it names no manifest and its descriptor, as old clients wrote it: remove the list and create it anew", Run("push", "h:5000/l:2").Error, StringComparison.Ordinal);
        Assert.Equal(new ClientResult(1, "", "No such manifest: h:5000/l:9\n"), Run("rm", "h:5000/l:1", "h:5000/l:9", "h:5000/l:2"));
        Assert.Empty(Directory.GetFileSystemEntries(Drafts));
    }

    [Fact]
    public void AHugeDraftIsRefused()
    {
        Keep("h-5000_l-1", "h-5000_app_amd64-1", "");
        using (FileStream file = File.OpenWrite(Path.Join(Drafts, "h-5000_l-1", "h-5000_app_amd64-1")))
        {
            file.SetLength((32 << 20) + 1);
        }

        Assert.EndsWith("is larger than 32 MiB\n", Run("inspect", "h:5000/l:1").Error, StringComparison.Ordinal);
    }

    private static string Found(string descriptor, string name) =>
        $$$"""{"IsList":false,"Manifests":[{"Ref":"{{{name}}}","Descriptor":{{{descriptor}}},"Raw":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Manifest))}}}"}]}""";

    private void Serve(string name, string answer, int status = 200) => daemon.On($"GET /berth/manifest?name={name.Replace("/", "%2F", StringComparison.Ordinal)}", answer, status);

    private void Keep(string list, string name, string text)
    {
        Directory.CreateDirectory(Path.Join(Drafts, list));
        File.WriteAllText(Path.Join(Drafts, list, name), text);
    }

    private ClientResult Run(params string[] words) => Client.Run(
        "berth", daemon, ["manifest", .. words], name => name switch { "DOCKER_HOST" => daemon.Address, "DOCKER_CONFIG" => folder, _ => null });
}
