using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Berth.Images.Registries;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Testing.Daemons;

namespace Berth.Images.Tests.Registries;

/// <summary>The client against servers that do what they should not.</summary>
public sealed class RegistryClientTests : IDisposable
{
    private const string Manifest = """{"schemaVersion":2,"config":{"digest":"x"},"layers":[]}""";
    private static readonly RegistryCredentials Eve = new() { Username = "eve", Password = "sesame" };
    private static readonly string Basic = "Basic " + Convert.ToBase64String("eve:sesame"u8);

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-registries-").FullName;
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BasicCredentialsAreShownOnlyWhenAskedFor()
    {
        ScriptedServer server = Serve(r => r["Authorization"] == Basic ? Good() : ScriptedAnswer.Denied("Basic realm=\"x\""));
        RegistryClient client = await OpenAsync(server, Eve);
        await client.GetManifestAsync("a", "latest", null, Cancel);
        await client.GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal(["", Basic, Basic], Plain(server).Select(r => r["Authorization"]));
    }

    [Fact]
    public async Task WrongCredentialsAreShownOnce()
    {
        ScriptedServer server = Serve(_ => ScriptedAnswer.Denied("Basic realm=\"x\""));
        RegistryException refused = await FailAsync(server, Eve);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal("unauthorized: authentication required", refused.Told);
        Assert.Equal(2, Plain(server).Count);
        Assert.DoesNotContain("sesame", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenIsFetchedOncePerScope()
    {
        ScriptedServer server = null!;
        server = Serve(r => r.Path == "/token" ? ScriptedAnswer.Text(200, $$"""{"token":"t-{{r.Target.Split("scope=")[1].Split('&')[0]}}"}""")
            : r["Authorization"].StartsWith("Bearer t-", StringComparison.Ordinal) ? Good()
            : ScriptedAnswer.Denied($"Bearer realm=\"{server.Address}/token\",service=\"s v\",scope=\"repository:a:pull\""));
        RegistryClient client = await OpenAsync(server, Eve);
        await client.GetManifestAsync("a", "latest", null, Cancel);
        await client.GetManifestAsync("a", "other", null, Cancel);
        await client.GetManifestAsync("b", "latest", null, Cancel);
        List<ScriptedRequest> tokens = [.. Plain(server).Where(r => r.Path == "/token")];
        Assert.Equal(2, tokens.Count);
        Assert.All(tokens, t => Assert.Equal(Basic, t["Authorization"]));
        Assert.Contains("service=s%20v&scope=repository%3Aa%3Apull&account=eve", tokens[0].Target, StringComparison.Ordinal);
        Assert.Contains("scope=repository%3Ab%3Apull", tokens[1].Target, StringComparison.Ordinal);
        Assert.Single(Plain(server), r => r.Path.EndsWith("/manifests/other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATokenThatIsRefusedIsFetchedAnew()
    {
        int issued = 0;
        ScriptedServer server = null!;
        server = Serve(r => r.Path == "/token" ? ScriptedAnswer.Text(200, $$"""{"access_token":"t{{++issued}}","expires_in":9999}""")
            : r["Authorization"] == "Bearer t2" ? Good() : ScriptedAnswer.Denied($"Bearer realm=\"{server.Address}/token\""));
        RegistryClient client = await OpenAsync(server, null);
        await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync("a", "latest", null, Cancel));
        await client.GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal(2, issued);
    }

    [Fact]
    public async Task AnIdentityTokenGoesByPost()
    {
        ScriptedServer server = null!;
        server = Serve(r => r.Path == "/token" ? ScriptedAnswer.Text(r.Method == "POST" ? 200 : 500, """{"access_token":"t"}""")
            : r["Authorization"] == "Bearer t" ? Good() : ScriptedAnswer.Denied($"Bearer realm=\"{server.Address}/token\",service=\"s\""));
        RegistryClient client = await OpenAsync(server, new RegistryCredentials { Username = "<token>", IdentityToken = "lasting" });
        await client.GetManifestAsync("a", "latest", null, Cancel);
        ScriptedRequest asked = Assert.Single(Plain(server), r => r.Path == "/token");
        Assert.Equal("grant_type=refresh_token&client_id=berth&service=s&refresh_token=lasting&scope=repository%3Aa%3Apull", Encoding.UTF8.GetString(asked.Body));
        Assert.Equal("", asked["Authorization"]);
    }

    [Fact]
    public async Task ARegistryTokenIsSentAsItIs()
    {
        ScriptedServer server = Serve(r => r["Authorization"] == "Bearer own" ? Good() : ScriptedAnswer.Denied("Bearer realm=\"http://127.0.0.1:1/\""));
        await (await OpenAsync(server, new RegistryCredentials { RegistryToken = "own" })).GetManifestAsync("a", "latest", null, Cancel);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(302)]
    public async Task NothingSecretFollowsARedirectToAnotherHost(int status)
    {
        ScriptedServer other = Serve(_ => new ScriptedAnswer(200, "blob"u8.ToArray()));
        ScriptedServer server = Serve(r => r["Authorization"] == Basic ? new ScriptedAnswer(status, []).With("Location", $"http://localhost:{other.Port}/x?signature=1") : ScriptedAnswer.Denied("Basic realm=\"x\""));
        using BlobAnswer blob = await (await OpenAsync(server, Eve)).OpenBlobAsync("a", Digest.Of("blob"u8), 4, null, null, Cancel);
        Assert.Equal("", Assert.Single(other.Requests)["Authorization"]);
        Assert.Equal(4, await blob.ReadAsync(new byte[10], Cancel));
    }

    [Fact]
    public async Task ARedirectWithinTheHostKeepsWhatWasShown()
    {
        ScriptedServer server = Serve(r => r.Path == "/there" ? Good() : ScriptedAnswer.Redirect("/there"));
        await (await OpenAsync(server, new RegistryCredentials { RegistryToken = "own" })).GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal("Bearer own", Plain(server).Last()["Authorization"]);
    }

    [Fact]
    public async Task AnotherHostsChallengeGetsNothing()
    {
        ScriptedServer other = Serve(_ => ScriptedAnswer.Denied("Basic realm=\"give\""));
        ScriptedServer server = Serve(_ => ScriptedAnswer.Redirect($"{other.Address}/x"));
        await FailAsync(server, Eve);
        Assert.All(other.Requests, r => Assert.Equal("", r["Authorization"]));
    }

    [Fact]
    public async Task RedirectsInACircleEnd()
    {
        ScriptedServer server = Serve(_ => ScriptedAnswer.Redirect("/again"));
        Assert.Contains("redirects more than 10 times", (await FailAsync(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task WhatPassesIsTriedAgain(int status)
    {
        int failures = 2;
        ScriptedServer server = Serve(_ => failures-- > 0 ? ScriptedAnswer.Text(status).With("Retry-After", "0") : Good());
        await (await OpenAsync(server)).GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal(3, Plain(server).Count);
    }

    /// <summary>Nobody is left waiting for a day without a word.</summary>
    [Fact]
    public async Task WhoAsksForMoreThanIsWaitedIsNotAskedAgain()
    {
        ScriptedServer server = Serve(_ => ScriptedAnswer.Text(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}""").With("Retry-After", "86400"));
        Assert.Equal("toomanyrequests: slow down; try again after 86400 s", (await FailAsync(server)).Told);
        Assert.Single(Plain(server));
    }

    [Fact]
    public async Task WhatDoesNotPassIsReportedInTheEnd()
    {
        ScriptedServer server = Serve(_ => ScriptedAnswer.Text(503, "<html>", "text/html"));
        RegistryException failed = await FailAsync(server);
        Assert.Equal(4, Plain(server).Count);
        Assert.Contains("unexpected status: 503", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusalIsNotTriedAgain()
    {
        ScriptedServer server = Serve(_ => ScriptedAnswer.Text(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest\u0007 unknown","detail":{}}]}"""));
        RegistryException refused = await FailAsync(server);
        Assert.Equal("MANIFEST_UNKNOWN", refused.Code);
        Assert.Equal("manifest unknown: manifest unknown", refused.Told);
        Assert.Single(Plain(server));
    }

    [Fact]
    public async Task AnAnswerThatIsCutOffIsAFailure()
    {
        ScriptedServer server = Serve(_ => new ScriptedAnswer(200, Encoding.UTF8.GetBytes(Manifest)) { CutAt = 10 });
        Assert.Contains("cannot be reached", (await FailAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASilentServerIsGivenUp()
    {
        ScriptedServer server = Serve(_ => new ScriptedAnswer(200, "blob"u8.ToArray()) { CutAt = 2, Stalls = true });
        RegistryClient client = await OpenAsync(server, silence: TimeSpan.FromMilliseconds(300));
        using BlobAnswer blob = await client.OpenBlobAsync("a", Digest.Of("blob"u8), 4, null, null, Cancel);
        byte[] buffer = new byte[10];
        Assert.Equal(2, await blob.ReadAsync(buffer, Cancel));
        RegistryException broken = await Assert.ThrowsAsync<RegistryException>(async () => await blob.ReadAsync(buffer, Cancel));
        Assert.True(broken.IsPassing);
        Assert.Contains("nothing came for 0.3 s", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "malformed JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"schemaVersion":1}""", "schema 1")]
    public async Task ManifestsThatAreNoneAreRefused(string body, string why) =>
        Assert.Contains(why, (await FailAsync(Serve(_ => ScriptedAnswer.Text(200, body)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AHugeManifestIsRefusedWithoutReadingIt()
    {
        byte[] huge = new byte[(4 << 20) + 1];
        Assert.Contains("larger than 4 MiB", (await FailAsync(Serve(_ => new ScriptedAnswer(200, huge)))).Message, StringComparison.Ordinal);
        Assert.Contains("larger than 4 MiB", (await FailAsync(Serve(_ => new ScriptedAnswer(200, []) { Announced = 1L << 40 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherDigestIsRefused()
    {
        RegistryClient client = await OpenAsync(Serve(_ => Good()));
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync("a", null, Digest.Of("x"u8), Cancel));
        Assert.Contains($"has the digest {Digest.Of(Encoding.UTF8.GetBytes(Manifest))} instead", refused.Message, StringComparison.Ordinal);
        RegistryException announced = await FailAsync(Serve(_ => Good().With("Docker-Content-Digest", Digest.Of("y"u8).ToString())));
        Assert.Contains("but is announced as", announced.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes 0-1/4")]
    [InlineData("bytes 2-9/10")]
    [InlineData("bytes 3-3/4")]
    public async Task AnotherRangeThanAskedForIsRefused(string range)
    {
        RegistryClient client = await OpenAsync(Serve(_ => new ScriptedAnswer(206, "ob"u8.ToArray()).With("Content-Range", range)));
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync("a", Digest.Of("blob"u8), 4, (2, 3), null, Cancel));
        Assert.True(refused.IsDamaged);
    }

    [Fact]
    public async Task AnotherLengthIsRefused()
    {
        RegistryClient client = await OpenAsync(Serve(_ => new ScriptedAnswer(200, "blob!"u8.ToArray())));
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync("a", Digest.Of("blob"u8), 4, null, null, Cancel));
        Assert.Contains("5 bytes where the manifest announces 4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMirrorComesFirstAndWithoutCredentials()
    {
        ScriptedServer mirror = Serve(r => r.Target.EndsWith("latest?ns=own.example", StringComparison.Ordinal) ? Good() : ScriptedAnswer.Text(404));
        ScriptedServer server = Serve(r => r["Authorization"] == Basic ? Good() : ScriptedAnswer.Denied("Basic realm=\"x\""));
        Hosts("own.example", $"server = \"{server.Address}\"\n[host.\"{mirror.Address}\"]\ncapabilities = [\"pull\", \"resolve\"]\n[host.\"{mirror.Address}\".header]\nX-Key = \"k\"\n");
        RegistryClient client = await OpenAsync("own.example", Eve);
        await client.GetManifestAsync("a", "latest", null, Cancel);
        Assert.Empty(server.Requests);
        await client.GetManifestAsync("a", "other", null, Cancel);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(mirror.Requests, r => Assert.Equal(("", "k"), (r["Authorization"], r["X-Key"])));
        Assert.All(server.Requests, r => Assert.Equal("", r["X-Key"]));
    }

    [Fact]
    public async Task APlainRegistrysRefusalIsNotHiddenByTlsThatItHasNot()
    {
        ScriptedServer server = Serve(r => r.Path.Contains("/blobs/", StringComparison.Ordinal) ? ScriptedAnswer.Text(404) : Good());
        RegistryClient client = await OpenAsync(server.Name); // no settings: TLS is tried, then plain HTTP, since it is on this machine
        FetchedManifest manifest = await client.GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal("http", manifest.From.Endpoint.Api.Scheme);
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync("a", Digest.Of("x"u8), 1, null, manifest.From, Cancel));
        Assert.Equal("BLOB_UNKNOWN", refused.Code);
    }

    [Fact]
    public async Task AProxyIsAskedWithItsOwnCredentials()
    {
        ScriptedServer proxy = Serve(r => r["Proxy-Authorization"].Length == 0 ? ScriptedAnswer.Text(407).With("Proxy-Authenticate", "Basic realm=\"p\"") : Good());
        Hosts("reg.invalid", "server = \"http://reg.invalid\"");
        var options = new RegistryOptions
        {
            HostsFolders = [_folder], Proxy = ProxySettings.FromEnvironment(name => name == "HTTP_PROXY" ? $"http://eve:sesame@{proxy.Name}" : null),
        };
        RegistryClient client = Own(await RegistryClient.OpenAsync(options, "reg.invalid", null, Cancel));
        await client.GetManifestAsync("a", "latest", null, Cancel);
        Assert.Equal("http://reg.invalid/v2/a/manifests/latest", Plain(proxy).Last().Target);
        Assert.Equal(Basic, Plain(proxy).Last()["Proxy-Authorization"]);
    }

    [Fact]
    public async Task AnEndpointIsAskedForWhatItIsTrustedWith()
    {
        ScriptedServer mirror = Serve(_ => Good());
        Hosts("own.example", $"server = \"http://127.0.0.1:1\"\n[host.\"{mirror.Address}\"]\ncapabilities = [\"pull\"]\n");
        RegistryClient client = await OpenAsync("own.example");
        await client.GetManifestAsync("a", null, Digest.Of(Encoding.UTF8.GetBytes(Manifest)), Cancel);
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync("a", "latest", null, Cancel));
        Assert.Contains("http://127.0.0.1:1/v2/a/manifests/latest cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Single(mirror.Requests);
    }

    [Fact]
    public async Task AnUnknownAuthorityIsRefusedUntilItsFolderIsThere()
    {
        TestAuthority.Write(_folder);
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(Path.Join(_folder, "server.crt"), Path.Join(_folder, "server.key"));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
        ScriptedServer server = Own(new ScriptedServer(_ => Good(), certificate));
        Hosts(server.Name, $"server = \"{server.Address}\"");
        RegistryException refused = await FailAsync(server);
        Assert.Contains("TLS: ", refused.Message, StringComparison.Ordinal);
        Hosts(server.Name, $"server = \"{server.Address}\"\nca = \"../ca.crt\"");
        await (await OpenAsync(server)).GetManifestAsync("a", "latest", null, Cancel);

        // The right authority does not mend a wrong name.
        Hosts("own.example", $"server = \"https://127.0.0.2:{server.Port}\"\nca = \"../ca.crt\"");
        await Assert.ThrowsAsync<RegistryException>(async () => await (await OpenAsync("own.example")).GetManifestAsync("a", "latest", null, Cancel));
    }

    [Fact]
    public async Task PagesOfTagsStayOnTheirHost()
    {
        ScriptedServer other = Serve(_ => ScriptedAnswer.Text(200, """{"tags":["stolen"]}"""));
        ScriptedServer server = Serve(r => r.Target.Contains("last=b", StringComparison.Ordinal)
            ? ScriptedAnswer.Text(200, """{"tags":["c"]}""").With("Link", $"<{other.Address}/v2/a/tags/list>; rel=\"next\"")
            : ScriptedAnswer.Text(200, """{"tags":["a","b"]}""").With("Link", "</v2/a/tags/list?n=2&last=b>; rel=\"next\""));
        var tags = new List<string>();
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(async () =>
        {
            await foreach (string tag in new RegistryLists(await OpenAsync(server)).TagsAsync("a", Cancel))
            {
                tags.Add(tag);
            }
        });
        Assert.Contains("a next page that is not its own", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], tags);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task SearchAsksTheSearchAndElseTheCatalogue()
    {
        ScriptedServer with = Serve(_ => ScriptedAnswer.Text(200, """{"results":[{"name":"x/found","description":"d","star_count":3,"is_official":true}]}"""));
        SearchResult found = Assert.Single(await new RegistryLists(await OpenAsync(with)).SearchAsync("fo und", 5, Cancel));
        Assert.Equal(("x/found", 3, true), (found.Name, found.Stars, found.IsOfficial));
        Assert.Equal("/v1/search?q=fo%20und&n=5", Plain(with)[0].Target);
        ScriptedServer without = Serve(r => r.Path == "/v2/_catalog" ? ScriptedAnswer.Text(200, """{"repositories":["a/one","b","a/two"]}""") : ScriptedAnswer.Text(404));
        Assert.Equal([$"{without.Name}/a/one", $"{without.Name}/a/two"], (await new RegistryLists(await OpenAsync(without)).SearchAsync("A/", 5, Cancel)).Select(r => r.Name));
    }

    [Fact]
    public async Task ReferrersAreFoundByTagWhereThereIsNoSuchList()
    {
        Digest subject = Digest.Of("s"u8);
        ScriptedServer server = Serve(r => r.Path == $"/v2/a/manifests/sha256-{subject.Hex}" ? ScriptedAnswer.Text(200, """{"schemaVersion":2,"manifests":[{"digest":"d","artifactType":"t"}]}""") : ScriptedAnswer.Text(404));
        Assert.Equal("t", Assert.Single(await new RegistryLists(await OpenAsync(server)).ReferrersAsync("a", subject, Cancel)).ArtifactType);
    }

    public void Dispose()
    {
        _owned.ForEach(o => o.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static ScriptedAnswer Good() => ScriptedAnswer.Text(200, Manifest, "application/vnd.oci.image.manifest.v1+json");

    private static List<ScriptedRequest> Plain(ScriptedServer server) => [.. server.Requests];

    private ScriptedServer Serve(Func<ScriptedRequest, ScriptedAnswer> answer) => Own(new ScriptedServer(answer));

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private void Hosts(string registry, string text)
    {
        Directory.CreateDirectory(Path.Join(_folder, registry));
        File.WriteAllText(Path.Join(_folder, registry, "hosts.toml"), text);
    }

    private Task<RegistryClient> OpenAsync(ScriptedServer server, RegistryCredentials? credentials = null, TimeSpan? silence = null)
    {
        if (!Directory.Exists(Path.Join(_folder, server.Name)))
        {
            Hosts(server.Name, string.Create(CultureInfo.InvariantCulture, $"server = \"{server.Address}\""));
        }

        return OpenAsync(server.Name, credentials, silence);
    }

    private async Task<RegistryClient> OpenAsync(string registry, RegistryCredentials? credentials = null, TimeSpan? silence = null) => Own(await RegistryClient.OpenAsync(
        new RegistryOptions
        {
            HostsFolders = [_folder],
            Retry = new RetryPolicy { Attempts = 4, First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(4), Silence = silence ?? TimeSpan.FromSeconds(60) },
        },
        registry, credentials, Cancel));

    private async Task<RegistryException> FailAsync(ScriptedServer server, RegistryCredentials? credentials = null)
    {
        RegistryClient client = await OpenAsync(server, credentials);
        return await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync("a", "latest", null, Cancel));
    }
}
