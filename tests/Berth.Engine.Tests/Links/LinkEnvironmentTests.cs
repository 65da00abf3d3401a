using Berth.Engine.Links;

using CsCheck;

namespace Berth.Engine.Tests.Links;

public sealed class LinkEnvironmentTests
{
    private const string Address = "172.30.0.2";

    private static string[] Of(IEnumerable<string> exposed, params string[] environment) =>
        [.. LinkEnvironment.Of("web", "my-db", Address, ExposedPort.Of(exposed), environment)];

    [Fact]
    public void APortHasFourVariables() => Assert.Equal(
        [
            "MY_DB_PORT=tcp://172.30.0.2:3306", "MY_DB_PORT_3306_TCP=tcp://172.30.0.2:3306", "MY_DB_PORT_3306_TCP_ADDR=172.30.0.2", "MY_DB_PORT_3306_TCP_PORT=3306",
            "MY_DB_PORT_3306_TCP_PROTO=tcp", "MY_DB_NAME=/web/my-db",
        ],
        Of(["3306/tcp"]));

    [Fact]
    public void WithoutPortsThereIsTheName() => Assert.Equal(["MY_DB_NAME=/web/my-db"], Of([]));

    [Fact]
    public void TheLowestPortIsThePort()
    {
        Assert.Contains("MY_DB_PORT=tcp://172.30.0.2:53", Of(["80/tcp", "53/udp", "53/tcp"]));
        Assert.Contains("MY_DB_PORT=udp://172.30.0.2:22", Of(["80/tcp", "22/udp"]));
    }

    [Fact]
    public void AdjacentPortsAreARangeToo()
    {
        string[] three = Of(["8000-8002/tcp", "8003/udp", "9000/tcp", "9001/tcp"]);
        Assert.Contains("MY_DB_PORT_8000_TCP_START=tcp://172.30.0.2:8000", three);
        Assert.Contains("MY_DB_PORT_8000_TCP_PORT_START=8000", three);
        Assert.Contains("MY_DB_PORT_8000_TCP_END=tcp://172.30.0.2:8002", three);
        Assert.Contains("MY_DB_PORT_8000_TCP_PORT_END=8002", three);
        Assert.Contains("MY_DB_PORT_8001_TCP_PORT=8001", three);
        Assert.DoesNotContain(three, v => v.StartsWith("MY_DB_PORT_9000_TCP_START", StringComparison.Ordinal));
    }

    [Fact]
    public void TheOthersEnvironmentIsCopiedButForTwo() => Assert.Equal(
        ["MY_DB_NAME=/web/my-db", "MY_DB_ENV_A=1=2", "MY_DB_ENV_HOSTNAME=x", "MY_DB_ENV_EMPTY="], Of([], "A=1=2", "PATH=/bin", "HOME=/", "HOSTNAME=x", "EMPTY=", "UNSET"));

    /// <summary>Ranges and copies never make it lose or repeat a port.</summary>
    [Fact]
    public void EveryPortIsThereOnce() => Gen.Select(Gen.Int[1, 60], Gen.Int[0, 2].Select(i => new[] { "tcp", "udp", "sctp" }[i])).HashSet[0, 40].Sample(ports =>
    {
        string[] variables = Of(ports.Select(p => $"{p.Item1}/{p.Item2}"));
        Assert.Equal(
            ports.Select(p => $"MY_DB_PORT_{p.Item1}_{p.Item2.ToUpperInvariant()}={p.Item2}://{Address}:{p.Item1}").Order(StringComparer.Ordinal),
            variables.Where(v => v.Split('=')[0].Split('_') is ["MY", "DB", "PORT", _, _]).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void ALongListOfPortsFitsIntoAStart() => Assert.True(Of(["1-65535/udp"]).Sum(v => v.Length + 9) < 1_500_000);

    [Theory]
    [InlineData("80", 80, "tcp")]
    [InlineData("80/TCP", 80, "tcp")]
    [InlineData("53/udp", 53, "udp")]
    public void KeysArePorts(string key, int number, string protocol) => Assert.Equal([new ExposedPort((ushort)number, protocol)], ExposedPort.Of([key]));

    [Theory]
    [InlineData("0/tcp")]
    [InlineData("x")]
    [InlineData("80/icmp")]
    [InlineData("65536")]
    [InlineData("9-8")]
    public void OtherKeysAreNone(string key) => Assert.Empty(ExposedPort.Of([key]));
}
