using Berth.Images.Registries.Hosts;

using CsCheck;

namespace Berth.Images.Tests.Registries;

public sealed class HostsFileTests
{
    private const string Path = "/etc/x/docker.io/hosts.toml";

    [Fact]
    public void HostsComeInOrderAndTheServerLast()
    {
        IReadOnlyList<RegistryEndpoint> endpoints = Parse(
            """
            server = "https://registry-1.docker.io"

            [host."https://mirror.example:5000"]
              capabilities = ["pull", "resolve"]
              ca = ["ca.crt", "/abs/other.pem"]
              client = [["client.cert", "client.key"], ["/both.pem", ""]]
              skip_verify = true
              dial_timeout = "1m1.5s"
              [host."https://mirror.example:5000".header]
                x-token = "secret"
                x-two = ["a", "b"]

            [host."http://plain.example/prefix"]
              capabilities = "pull"

            [host."bare.example/v2/own"]
              override_path = true
            """);
        Assert.Equal(
            ["https://mirror.example:5000/v2/", "http://plain.example/prefix/v2/", "https://bare.example/v2/own/", "https://registry-1.docker.io/v2/"],
            endpoints.Select(e => e.Api.ToString()));
        RegistryEndpoint first = endpoints[0];
        Assert.Equal(HostCapabilities.Pull | HostCapabilities.Resolve, first.Capabilities);
        Assert.Equal(["/etc/x/docker.io/ca.crt", "/abs/other.pem"], first.Tls.Authorities);
        Assert.Equal([new("/etc/x/docker.io/client.cert", "/etc/x/docker.io/client.key"), new("/both.pem", null)], first.Tls.Clients);
        Assert.True(first.SkipVerify);
        Assert.Equal(TimeSpan.FromSeconds(61.5), first.ConnectTimeout);
        Assert.Equal([new("x-token", "secret"), new("x-two", "a"), new("x-two", "b")], first.Headers);
        Assert.DoesNotContain("secret", first.ToString(), StringComparison.Ordinal);
        Assert.Equal(["docker.io", "docker.io", "docker.io", null], endpoints.Select(e => e.Namespace));
        Assert.Equal([false, false, false, true], endpoints.Select(e => e.IsUpstream));
        Assert.Equal(HostCapabilities.Pull, endpoints[1].Capabilities);
        Assert.Equal(HostCapabilities.All, endpoints[2].Capabilities);
    }

    [Fact]
    public void AnEmptyFileIsTheRegistryItself()
    {
        RegistryEndpoint own = Assert.Single(HostsFile.Parse("", "/x/localhost:5000/hosts.toml", "localhost:5000"));
        Assert.Equal("https://localhost:5000/v2/", own.Api.ToString());
        Assert.True(own.IsUpstream);
    }

    [Fact]
    public void TheRegistryAmongItsHostsGetsCredentials()
    {
        IReadOnlyList<RegistryEndpoint> endpoints = HostsFile.Parse("[host.\"http://localhost:5000\"]\n[host.\"http://localhost:5001\"]", "/x/hosts.toml", "localhost:5000");
        Assert.Equal([true, false, true], endpoints.Select(e => e.IsUpstream));
    }

    [Theory]
    [InlineData("server = 5", "server is to be a string")]
    [InlineData("srver = \"https://a\"", "\"srver\" is not known")]
    [InlineData("[host.\"https://a\"]\nskip_verify = \"yes\"", "skip_verify is to be true or false")]
    [InlineData("[host.\"https://a\"]\nskipverify = true", "\"skipverify\" is not known")]
    [InlineData("[host.\"https://a\"]\ncapabilities = [\"delete\"]", "\"delete\" is not known")]
    [InlineData("[host.\"https://a\"]\ncapabilities = [1]", "capabilities is to be a string")]
    [InlineData("[host.\"https://a\"]\nclient = [[\"a\"]]", "client is to be")]
    [InlineData("[host.\"https://a\"]\ndial_timeout = \"soon\"", "dial_timeout is to be a length of time")]
    [InlineData("[host.\"ftp://a\"]", "ftp://a is no address")]
    [InlineData("[host.\"https://a?b=c\"]", "is no address")]
    [InlineData("[host.\"https://a\".header]\nx = \"a\\r\\nb\"", "\"x\" cannot be sent")]
    [InlineData("host = 1", "host is to be a table")]
    [InlineData("a = [", "is no TOML")]
    public void WhatIsWrongIsNamed(string text, string why)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Parse(text));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyTextIsEndpointsOrAReason() => Gen.String[Gen.Char["[]\"=.hostsrvepull:/ \n#1"], 0, 60].Sample(text =>
    {
        try
        {
            return Parse(text).Count > 0;
        }
        catch (FormatException)
        {
            return true;
        }
    });

    [Fact]
    public void FoldersAreLookedForByNameThenForAll() => Assert.Equal(
        ["/a/h_5000_", "/a/h:5000", "/b/h_5000_", "/b/h:5000", "/a/_default", "/b/_default"], new HostsFolders(["/a", "/b"]).Candidates("h:5000"));

    [Theory]
    [InlineData("docker.io", "/a/docker.io")]
    [InlineData("[::1]:5000", "/a/[::1]_5000_")]
    [InlineData("[::1]", "/a/[::1]")]
    public void FoldersHaveTheRegistrysName(string registry, string first) => Assert.Equal(first, new HostsFolders(["/a"]).Candidates(registry).First());

    private static IReadOnlyList<RegistryEndpoint> Parse(string text) => HostsFile.Parse(text, Path, "docker.io");
}
