using Berth.Cli.Http;

namespace Berth.Cli.Tests.Http;

/// <summary>What of an address becomes ssh's command line.</summary>
public sealed class SshAddressTests
{
    [Theory]
    [InlineData("ssh://host", "", "host", 0, "")]
    [InlineData("ssh://host/", "", "host", 0, "")]
    [InlineData("ssh://eve@host.example:2222", "eve", "host.example", 2222, "")]
    [InlineData("ssh://eve@corp@host", "eve@corp", "host", 0, "")]
    [InlineData("ssh://[::1]", "", "::1", 0, "")]
    [InlineData("ssh://eve@[fe80::1%eth0]:22/run/docker.sock", "eve", "fe80::1%eth0", 22, "/run/docker.sock")]
    public void IsRead(string text, string user, string host, int port, string socket) => Assert.Equal(new SshAddress(user, host, port, socket), SshAddress.Parse(text));

    [Theory]
    [InlineData("ssh://")]
    [InlineData("ssh://eve@")]
    [InlineData("ssh://@host")]
    [InlineData("ssh://host:")]
    [InlineData("ssh://host:0")]
    [InlineData("ssh://host:65536")]
    [InlineData("ssh://host:x")]
    [InlineData("ssh://[::1")]
    [InlineData("ssh://[::1]x")]
    [InlineData("ssh://-oProxyCommand=x")]
    [InlineData("ssh://-oProxyCommand=x@host")]
    [InlineData("ssh://ho st")]
    [InlineData("ssh://ho\nst")]
    [InlineData("ssh://host/run/$(id)")]
    [InlineData("ssh://host/a'b")]
    [InlineData("unix:///x")]
    public void IsRefused(string text) => Assert.Contains("is no address for ssh", Assert.Throws<CliException>(() => SshAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void APasswordIsRefusedAndNotRepeated() =>
        Assert.DoesNotContain("sesame", Assert.Throws<CliException>(() => SshAddress.Parse("ssh://eve:sesame@host")).Message, StringComparison.Ordinal);

    [Fact]
    public void BecomesArguments()
    {
        const string Dial = "sh -c 'for p in berth docker; do command -v $p >/dev/null 2>&1 && exec $p system dial-stdio; done; exit 127'";
        Assert.Equal(["ssh", "-o", "ConnectTimeout=30", "-T", "--", "host", Dial], SshAddress.Parse("ssh://host").Arguments());
        Assert.Equal(
            ["ssh", "-o", "ConnectTimeout=30", "-T", "-l", "eve", "-p", "22", "--", "host", Dial.Replace("$p system", "$p -H unix:///run/x.sock system", StringComparison.Ordinal)],
            SshAddress.Parse("ssh://eve@host:22/run/x.sock").Arguments());
    }
}
