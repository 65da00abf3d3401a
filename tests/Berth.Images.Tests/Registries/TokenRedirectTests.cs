using System.Globalization;

using Berth.Images.Registries;
using Berth.Images.Registries.Authorization;

namespace Berth.Images.Tests.Registries;

/// <summary>Token servers that redirect: followed, and nothing secret goes where it should not.</summary>
public sealed class TokenRedirectTests : IDisposable
{
    private static readonly RegistryCredentials Eve = new() { Username = "eve", Password = "sesame" };
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-hosts-").FullName;
    private readonly List<IDisposable> _owned = [];
    private ScriptedServer? _registry;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _owned.ForEach(static o => o.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("https://auth.example/token", "https://auth.example/other", true)]
    [InlineData("https://auth.example/token", "https://auth.example:8443/token", true)]
    [InlineData("http://auth.example/token", "https://auth.example/token", true)]
    [InlineData("http://auth.example/token", "http://auth.example/other", true)] // where it was shown already
    [InlineData("http://auth.example/token", "http://auth.example:81/token", false)]
    [InlineData("https://auth.example/token", "http://auth.example/token", false)]
    [InlineData("https://auth.example/token", "https://sub.auth.example/token", false)]
    [InlineData("https://auth.example/token", "https://evil.example/token", false)]
    public void CredentialsStayWithTheHost(string realm, string target, bool keeps) => Assert.Equal(keeps, TokenRedirect.KeepsCredentials(new Uri(realm), new Uri(target)));

    [Fact]
    public void TlsIsNotLeft() => Assert.Throws<RegistryException>(() => TokenRedirect.Target(new Uri("https://auth.example/token"), "http://auth.example/token"));

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task OnTheSameHostTheyComeAlong(int status)
    {
        await PullAsync(Eve, r => r.Path == "/token" ? Redirect(status, "/elsewhere?x=1") : Token());
        ScriptedRequest followed = Assert.Single(_registry!.Requests, static r => r.Path == "/elsewhere");
        Assert.Equal(("/elsewhere?x=1", "Basic ZXZlOnNlc2FtZQ=="), (followed.Target, followed["Authorization"]));
    }

    [Fact]
    public async Task ToAnotherHostNothingSecretGoesAndNothingComesBackWithIt()
    {
        ScriptedServer other = Own(new ScriptedServer(_ => Redirect(307, _registry!.Address + "/back")));
        string away = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{other.Port}/token");
        await PullAsync(Eve, r => r.Path == "/token" ? Redirect(307, away) : Token());
        ScriptedRequest seen = Assert.Single(other.Requests);
        Assert.Equal("", seen["Authorization"]);
        Assert.DoesNotContain("eve", seen.Target, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(_registry!.Requests, static r => r.Path == "/back")["Authorization"]);
    }

    [Fact]
    public async Task AnIdentityTokenStaysToo()
    {
        ScriptedServer other = Own(new ScriptedServer(static _ => Token()));
        string away = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{other.Port}/token");
        var identity = new RegistryCredentials { IdentityToken = "lasting" };
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(identity, r => Redirect(308, away)));
        Assert.Contains("wants the identity token sent to", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("lasting", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(other.Requests);

        await PullAsync(identity, r => r.Path == "/token" ? Redirect(307, "/elsewhere") : Token());
        ScriptedRequest followed = Assert.Single(_registry!.Requests, static r => r.Path == "/elsewhere");
        Assert.Equal("POST", followed.Method);
        Assert.Contains("refresh_token=lasting", System.Text.Encoding.UTF8.GetString(followed.Body), StringComparison.Ordinal);

        // The old kinds of redirect turn it into a plain question.
        await PullAsync(identity, r => r.Path == "/token" ? Redirect(302, away) : Token());
        ScriptedRequest asked = Assert.Single(other.Requests);
        Assert.Equal(("GET", 0), (asked.Method, asked.Body.Length));
    }

    [Fact]
    public async Task NotWithoutEnd()
    {
        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() => PullAsync(Eve, static _ => Redirect(302, "/token")));
        Assert.Contains("redirects more than 10 times", refused.Message, StringComparison.Ordinal);
        Assert.Equal(11, _registry!.Requests.Count(static r => r.Path == "/token"));
        await Assert.ThrowsAsync<RegistryException>(() => PullAsync(Eve, static _ => Redirect(302, "file:///etc/passwd")));
        await Assert.ThrowsAsync<RegistryException>(() => PullAsync(Eve, static _ => new ScriptedAnswer(302, [])));
    }

    private static ScriptedAnswer Redirect(int status, string to) => new ScriptedAnswer(status, []).With("Location", to);

    private static ScriptedAnswer Token() => ScriptedAnswer.Text(200, """{"token":"t"}""");

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    // Asks a registry for a manifest whose token server is the registry itself, at /token.
    private async Task PullAsync(RegistryCredentials credentials, Func<ScriptedRequest, ScriptedAnswer> tokens)
    {
        _registry = Own(new ScriptedServer(r => !r.Path.StartsWith("/v2/", StringComparison.Ordinal) ? tokens(r)
            : r["Authorization"] == "Bearer t" ? ScriptedAnswer.Text(200, """{"schemaVersion":2,"config":{},"layers":[]}""", "application/vnd.docker.distribution.manifest.v2+json")
            : ScriptedAnswer.Denied($"Bearer realm=\"{_registry!.Address}/token\",service=\"s\"")));
        using RegistryClient client = await RegistryClient.OpenAsync(_registry.Options(_folder), _registry.Name, credentials, Cancel);
        await client.GetManifestAsync("a", "latest", null, Cancel);
    }
}
