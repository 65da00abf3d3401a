using System.Net;

using Berth.Images.Registries;
using Berth.Images.Registries.Hosts;
using Berth.Images.Registries.Http;
using Berth.Storage;

namespace Berth.Images.Tests.Registries;

public sealed class RegistryHostsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-hosts-").FullName;

    [Fact]
    public async Task DockerHubIsAskedAfterItsMirrors()
    {
        IReadOnlyList<RegistryEndpoint> endpoints = await ResolveAsync(new() { Mirrors = [new("https://mirror.example/hub/")] }, "docker.io");
        Assert.Equal(["https://mirror.example/hub/v2/", "https://registry-1.docker.io/v2/"], endpoints.Select(e => e.Api.ToString()));
        Assert.Equal([false, true], endpoints.Select(e => e.IsUpstream));
        Assert.Equal(HostCapabilities.Pull | HostCapabilities.Resolve, endpoints[0].Capabilities);
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("127.0.0.9:5000")]
    [InlineData("[::1]:5000")]
    [InlineData("10.1.2.3:5000")]
    [InlineData("named.invalid:5000")]
    public async Task AnInsecureRegistryMayDoWithoutTls(string registry)
    {
        IReadOnlyList<RegistryEndpoint> endpoints = await ResolveAsync(new() { Insecure = ["10.0.0.0/8", "named.invalid:5000"] }, registry);
        Assert.Equal([$"https://{registry}/v2/", $"http://{registry}/v2/"], endpoints.Select(e => e.Api.ToString()));
        Assert.Equal([true, true], endpoints.Select(e => e.SkipVerify));
        Assert.Equal([false, true], endpoints.Select(e => e.IsFallback));
    }

    [Theory]
    [InlineData("11.1.2.3:5000")]
    [InlineData("named.invalid:5001")]
    public async Task AnyOtherMayNot(string registry)
    {
        RegistryEndpoint only = Assert.Single(await ResolveAsync(new() { Insecure = ["10.0.0.0/8", "named.invalid:5000"] }, registry));
        Assert.Equal("https", only.Api.Scheme);
        Assert.False(only.SkipVerify);
    }

    /// <summary>Also where it has settings of its own; a mirror that is named there is not meant.</summary>
    [Fact]
    public async Task ARequestMayBearWithTheRegistryItself()
    {
        string folder = Directory.CreateDirectory(Path.Join(_folder, "own.invalid:5000")).FullName;
        await File.WriteAllTextAsync(Path.Join(folder, "hosts.toml"), "server = \"https://own.invalid:5000\"\n[host.\"https://mirror.invalid\"]\n", TestContext.Current.CancellationToken);
        IReadOnlyList<RegistryEndpoint> endpoints = await new RegistryHosts(new() { HostsFolders = [_folder] }).ResolveInsecureAsync("own.invalid:5000", TestContext.Current.CancellationToken);
        Assert.Equal(["https://mirror.invalid/v2/", "https://own.invalid:5000/v2/", "http://own.invalid:5000/v2/"], endpoints.Select(e => e.Api.ToString()));
        Assert.Equal([false, true, true], endpoints.Select(e => e.SkipVerify));
        Assert.Equal([false, false, true], endpoints.Select(e => e.IsFallback));
        Assert.Equal(2, (await new RegistryHosts(new() { HostsFolders = [_folder] }).ResolveInsecureAsync("127.0.0.1:5000", TestContext.Current.CancellationToken)).Count);
    }

    [Theory]
    [InlineData("http://a")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a b")]
    public void AnInsecureRegistryIsAHostOrASubnet(string text) => Assert.Throws<FormatException>(() => new InsecureRegistries([text]));

    [Fact]
    public void ASubnetIsMetByAddress()
    {
        var insecure = new InsecureRegistries(["192.168.0.0/16", "plain.example"]);
        Assert.True(insecure.Contains("host.example", [IPAddress.Parse("192.168.3.4")]));
        Assert.True(insecure.Contains("host.example", [IPAddress.Parse("::ffff:192.168.3.4")]));
        Assert.True(insecure.Contains("plain.example:77", []));
        Assert.False(insecure.Contains("host.example", [IPAddress.Parse("192.169.3.4")]));
    }

    [Fact]
    public async Task AFolderOfCertificatesIsDockers()
    {
        string folder = Directory.CreateDirectory(Path.Join(_folder, "reg.example:5000")).FullName;
        foreach (string name in new[] { "ca.crt", "client.cert", "client.key", "notes.txt" })
        {
            await File.WriteAllTextAsync(Path.Join(folder, name), "");
        }

        RegistryEndpoint only = Assert.Single(await ResolveAsync(new(), "reg.example:5000"));
        Assert.Equal([Path.Join(folder, "ca.crt")], only.Tls.Authorities);
        Assert.Equal([new(Path.Join(folder, "client.cert"), Path.Join(folder, "client.key"))], only.Tls.Clients);
    }

    [Fact]
    public async Task HalfAPairIsRefused()
    {
        string folder = Directory.CreateDirectory(Path.Join(_folder, "reg.example")).FullName;
        await File.WriteAllTextAsync(Path.Join(folder, "client.cert"), "");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => ResolveAsync(new(), "reg.example"));
        Assert.Contains("client.key is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDefaultFolderIsForAll()
    {
        Directory.CreateDirectory(Path.Join(_folder, "_default"));
        await File.WriteAllTextAsync(Path.Join(_folder, "_default", "hosts.toml"), "[host.\"http://cache.example:3128\"]\n");
        IReadOnlyList<RegistryEndpoint> endpoints = await ResolveAsync(new(), "quay.io");
        Assert.Equal(["http://cache.example:3128/v2/", "https://quay.io/v2/"], endpoints.Select(e => e.Api.ToString()));
        Assert.Equal("quay.io", endpoints[0].Namespace);
    }

    [Fact]
    public async Task AWrongFileNamesTheRegistry()
    {
        Directory.CreateDirectory(Path.Join(_folder, "quay.io"));
        await File.WriteAllTextAsync(Path.Join(_folder, "quay.io", "hosts.toml"), "nonsense");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => ResolveAsync(new(), "quay.io"));
        Assert.StartsWith("the settings of the registry quay.io cannot be used: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://reg.example/", null, "http://secure.proxy:1/")]
    [InlineData("http://reg.example/", null, "http://plain.proxy:2/")]
    [InlineData("https://reg.example/", "reg.example", null)]
    [InlineData("https://a.reg.example/", "reg.example", "")]
    [InlineData("https://reg.example/", ".reg.example", "http://secure.proxy:1/")]
    [InlineData("https://a.reg.example/", "x, .reg.example", null)]
    [InlineData("https://reg.example:444/", "reg.example:443", "http://secure.proxy:1/")]
    [InlineData("https://reg.example/", "reg.example:443", null)]
    [InlineData("https://10.1.2.3/", "10.0.0.0/8", null)]
    [InlineData("https://10.1.2.3/", "10.1.2.3", null)]
    [InlineData("https://11.1.2.3/", "10.0.0.0/8", "http://secure.proxy:1/")]
    [InlineData("https://reg.example/", "*", null)]
    [InlineData("https://localhost:5000/", null, null)]
    [InlineData("http://127.0.0.1:5000/", null, null)]
    [InlineData("http://[::1]:5000/", null, null)]
    public void ProxiesAreTheEnvironments(string address, string? except, string? proxy)
    {
        ProxySettings settings = ProxySettings.FromEnvironment(name => name switch { "https_proxy" => "http://secure.proxy:1", "HTTP_PROXY" => "plain.proxy:2", "NO_PROXY" => except, _ => null });
        Assert.Equal(string.IsNullOrEmpty(proxy) ? null : proxy, settings.For(new Uri(address))?.ToString());
    }

    [Fact]
    public void AWrongProxyIsNamedWithoutItsPassword()
    {
        FormatException refused = Assert.Throws<FormatException>(() => ProxySettings.FromEnvironment(name => name == "HTTPS_PROXY" ? "ftp://user:hunter2@proxy" : null));
        Assert.Contains("HTTPS_PROXY", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ProxySettings.FromEnvironment(_ => "http://user:hunter2@proxy").ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<IReadOnlyList<RegistryEndpoint>> ResolveAsync(RegistryOptions options, string registry) =>
        new RegistryHosts(options with { HostsFolders = [_folder] }).ResolveAsync(registry, TestContext.Current.CancellationToken);
}
