using Berth.Build.Dockerfile;
using Berth.Build.Dockerfile.Instructions;
using Berth.Oci.Images;

namespace Berth.Build.Tests.Dockerfile.Instructions;

/// <summary>The small grammars of values.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1.5s", 1_500_000_000L)]
    [InlineData("1h2m3s4ms5us6ns", 3_723_004_005_006L)]
    [InlineData("1µs", 1_000L)]
    [InlineData("-2m", -120_000_000_000L)]
    [InlineData(".5h", 1_800_000_000_000L)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("s", null)]
    [InlineData("1x", null)]
    [InlineData("99999999h", null)]
    [InlineData("1.2.3s", null)]
    public void DurationsAreGos(string text, long? nanoseconds) => Assert.Equal(nanoseconds, GoDuration.Parse(text));

    [Theory]
    [InlineData("100", 100L)]
    [InlineData("1k", 1024L)]
    [InlineData("1.5 MiB", 1_572_864L)]
    [InlineData("2gb", 2_147_483_648L)]
    [InlineData("x", null)]
    [InlineData("1e", null)]
    [InlineData("-1", null)]
    [InlineData("99999p", null)]
    public void SizesArePowersOf1024(string text, long? bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("80", "80/tcp")]
    [InlineData("80/UDP", "80/udp")]
    [InlineData("80/", "80/tcp")]
    [InlineData("80-82/sctp", "80/sctp,81/sctp,82/sctp")]
    [InlineData("8080:80", "80/tcp")]
    [InlineData("8000-8001:80-81", "80/tcp,81/tcp")]
    [InlineData("127.0.0.1::80", "80/tcp")]
    [InlineData("[::1]:1:80", "80/tcp")]
    [InlineData("[2001:4860:0:2001::68]::333", "333/tcp")]
    [InlineData("2001:4860:0:2001::68::333", "333/tcp")]
    [InlineData("::1:80:80", "80/tcp")]
    [InlineData("::::80", "80/tcp")]
    [InlineData("0.0.0.0:1234-1235:3333-3334/tcp", "3333/tcp,3334/tcp")]
    public void PortsAreExpanded(string text, string ports) => Assert.Equal(ports, string.Join(',', ExposedPort.Parse(text).Ports()));

    [Theory]
    [InlineData("", "invalid port: \"\": no port specified")]
    [InlineData("80/foo", "invalid port: \"80/foo\": invalid proto: foo")]
    [InlineData("65536", "invalid containerPort: 65536")]
    [InlineData("82-80", "invalid containerPort: 82-80")]
    [InlineData("-1", "invalid containerPort: -1")]
    [InlineData("x:80", "invalid hostPort: x")]
    [InlineData("1-3:80-81", "invalid ranges specified for container and host Ports: 80-81 and 1-3")]
    [InlineData("x:1:80", "invalid IP address: x")]
    [InlineData("1:1:80", "invalid IP address: 1")]
    [InlineData("localhost:1234:1234/tcp", "invalid IP address: localhost")]
    [InlineData("0.0.0.0:1234-1235:/tcp", "invalid port: \"0.0.0.0:1234-1235:/tcp\": no port specified")]
    [InlineData("0.0.0.0:1234-1235:", "invalid port: \"0.0.0.0:1234-1235:\": no port specified")]
    public void WrongPortsAreRefused(string text, string reason) => Assert.Equal(reason, Assert.Throws<DockerfileException>(() => ExposedPort.Parse(text)).Reason);

    [Theory]
    [InlineData("9", true)]
    [InlineData("SIGTERM", true)]
    [InlineData("term", true)]
    [InlineData("RTMIN+15", true)]
    [InlineData("SIGRTMAX-14", true)]
    [InlineData("0", false)]
    [InlineData("-9", false)]
    [InlineData("RTMIN+16", false)]
    [InlineData("SIGFOO", false)]
    [InlineData("", false)]
    public void SignalsAreKnown(string text, bool known) => Assert.Equal(known, SignalName.IsKnown(text));

    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("Linux/x86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/arm/6", "linux/arm/v6")]
    [InlineData("armhf", "linux/arm/v7")]
    [InlineData("arm64", "linux/arm64")]
    [InlineData("windows", "windows/amd64")]
    [InlineData("macos/arm64", "darwin/arm64")]
    [InlineData("linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("nothing", null)]
    [InlineData("a/b/c/d", null)]
    [InlineData("linux/", null)]
    [InlineData("li nux/amd64", null)]
    public void PlatformsHaveOneSpelling(string text, string? platform) =>
        Assert.Equal(platform, PlatformSpecifier.Parse(text, new Platform { Os = "linux", Architecture = "amd64" })?.ToString());
}
