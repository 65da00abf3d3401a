using Berth.Daemon.Options;
using Microsoft.Extensions.Logging;

namespace Berth.Daemon.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public void DefaultsAreTheServices()
    {
        DaemonOptions options = CommandLine.Parse([]);
        Assert.Equal("/var/lib/berth", options.DataRoot);
        Assert.Equal("/run/berth", options.RunRoot);
        Assert.Equal(["/run/berth/berth.sock"], options.ListenAt);
        Assert.Equal("berth0", options.Bridge);
        Assert.Equal("/berth", options.CgroupParent);
        Assert.Equal(LogLevel.Information, options.LogLevel);
        Assert.Equal(DaemonAction.Run, options.Action);
    }

    [Fact]
    public void BothFormsOfAValueAreTaken()
    {
        DaemonOptions options = CommandLine.Parse(["--data-root=/a", "--run-root", "/b", "-H", "unix:///c", "--socket", "/d", "--bridge=x0", "-l", "warn"]);
        Assert.Equal(("/a", "/b", "x0", LogLevel.Warning), (options.DataRoot, options.RunRoot, options.Bridge, options.LogLevel));
        Assert.Equal(["/c", "/d"], options.ListenAt);
    }

    [Fact]
    public void TheSocketFollowsTheRunRoot() => Assert.Equal(["/x/berth.sock"], CommandLine.Parse(["--run-root", "/x"]).ListenAt);

    [Fact]
    public void LimitsOfTheDiskAreOffUnlessGiven()
    {
        Assert.Equal((null, null), (CommandLine.Parse([]).ImageCap, CommandLine.Parse([]).FreeSpaceFloor));
        DaemonOptions options = CommandLine.Parse(["--image-cap", "20g", "--free-space-floor=1.5GB"]);
        Assert.Equal((21_474_836_480, 1_610_612_736), (options.ImageCap, options.FreeSpaceFloor));
    }

    [Fact]
    public void RegistriesHaveTheirOptions()
    {
        DaemonOptions options = CommandLine.Parse(
            ["--registry-mirror", "https://m.example/x", "--registry-mirror=http://n", "--insecure-registry", "10.0.0.0/8", "--insecure-registry", "h:5000", "--registry-hosts", "/c", "--max-concurrent-downloads", "7"]);
        Assert.Equal(["https://m.example/x", "http://n/"], options.Registries.Mirrors.Select(static m => m.ToString()));
        Assert.Equal(["10.0.0.0/8", "h:5000"], options.Registries.Insecure);
        Assert.Equal(["/c"], options.Registries.HostsFolders);
        Assert.Equal(7, options.Registries.Downloads);
        Assert.Equal(["/etc/berth/certs.d", "/etc/docker/certs.d"], CommandLine.Parse([]).Registries.HostsFolders);
    }

    [Fact]
    public void DebugIsALogLevel() => Assert.Equal(LogLevel.Debug, CommandLine.Parse(["-D"]).LogLevel);

    [Fact]
    public void TheDefaultBridgeIsDescribed()
    {
        DaemonOptions options = CommandLine.Parse(
            ["--ip", "127.0.0.1", "--ipv6", "--bip6", "fd00:1::1/64", "--fixed-cidr", "10.9.4.0/24", "--fixed-cidr-v6=fd00:1::/80", "--default-gateway", "10.9.0.254", "--default-gateway-v6", "fd00:1::fe"]);
        Assert.Equal("127.0.0.1 True fd00:1::1/64 10.9.4.0/24 fd00:1::/80 10.9.0.254 fd00:1::fe", $"{options.HostBinding} {options.EnableIpv6} {options.BridgeIpv6Address} {options.Range} {options.Ipv6Range} {options.DefaultGateway} {options.DefaultIpv6Gateway}");
        Assert.False(CommandLine.Parse(["--ipv6=false"]).EnableIpv6);
    }

    [Theory]
    [InlineData("x is no IP address", "--ip", "x")]
    [InlineData("::1 is no IPv4 address", "--default-gateway", "::1")]
    [InlineData("10.0.0.1 is no IPv6 address", "--default-gateway-v6=10.0.0.1")]
    [InlineData("10.9.4.0/31 is no IPv4 subnet of 8 to 30 bits, such as 172.28.5.0/24", "--fixed-cidr", "10.9.4.0/31")]
    [InlineData("fe80::/64 is no IPv6 subnet of 16 to 126 bits, such as fd00:1::/64", "--fixed-cidr-v6", "fe80::/64")]
    [InlineData("fd00::/64 is no IPv6 address of a bridge: one with the length of its subnet is wanted, such as fd00:1::1/64", "--bip6", "fd00::/64")]
    [InlineData("perhaps is neither true nor false", "--ipv6=perhaps")]
    [InlineData("unknown option --nope", "--nope")]
    [InlineData("berthd takes no arguments: x", "x")]
    [InlineData("--bridge needs a value: NAME", "--bridge")]
    [InlineData("--bridge none is not supported: there is always a default bridge; containers that are to have no network get it by --network none", "--bridge", "none")]
    [InlineData("--debug takes no value", "--debug=1")]
    [InlineData("0 is no number of downloads: 1 to 100", "--max-concurrent-downloads", "0")]
    [InlineData("m.example is no address of a mirror: http:// or https://, a host, and perhaps a path are wanted", "--registry-mirror", "m.example")]
    [InlineData("insecure registry http://h is not valid: HOST, HOST:PORT or ADDRESS/LENGTH is wanted, without http:// and paths", "--insecure-registry", "http://h")]
    [InlineData("rel is no absolute path", "--data-root", "rel")]
    [InlineData("tcp://0:1 is no Unix socket: give unix:///path or /path (tcp:// is not supported yet)", "-H", "tcp://0:1")]
    [InlineData("abcdefghijklmnop is no name of a network interface: 1 to 15 characters without spaces and slashes", "--bridge", "abcdefghijklmnop")]
    [InlineData("loud is no log level: debug, info, warn, error or fatal", "--log-level", "loud")]
    [InlineData("much is no size: a number above zero and b, k, m, g or t is wanted, such as 20g", "--image-cap", "much")]
    public void MistakesAreNamed(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => CommandLine.Parse(arguments)).Message);

    [Fact]
    public void ASocketPathHasALimit()
    {
        CommandLine.Parse(["-H", "/" + new string('a', 106)]);
        Assert.Throws<FormatException>(() => CommandLine.Parse(["-H", "/" + new string('a', 107)]));
    }

    [Fact]
    public void HelpNamesEveryOption()
    {
        string help = CommandLine.Help();
        foreach (string option in new[] { "--data-root", "--run-root", "--socket", "-H", "--bridge", "--cgroup-parent", "--runtime", "--pidfile", "--log-level", "--debug", "--version" })
        {
            Assert.Contains(option, help, StringComparison.Ordinal);
        }
    }
}
