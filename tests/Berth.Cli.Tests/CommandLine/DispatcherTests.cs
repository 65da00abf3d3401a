namespace Berth.Cli.Tests.CommandLine;

public sealed class DispatcherTests
{
    [Theory]
    [InlineData("imr x", 1, "berth: 'imr' is not a berth command: did you mean 'rmi'?\nSee 'berth --help'.\n")]
    [InlineData("pss", 1, "berth: 'pss' is not a berth command: did you mean 'ps'?\nSee 'berth --help'.\n")]
    [InlineData("zzzzz", 1, "berth: 'zzzzz' is not a berth command.\nSee 'berth --help'.\n")]
    [InlineData("container foo", 1, "berth: 'foo' is not a berth container command.\nSee 'berth container --help'.\n")]
    [InlineData("container lss", 1, "berth: 'lss' is not a berth container command: did you mean 'ls'?\nSee 'berth container --help'.\n")]
    [InlineData("--foo ps", 125, "unknown flag: --foo\nSee 'berth --help'.\n")]
    [InlineData("run --foo", 125, "unknown flag: --foo\nSee 'berth run --help'.\n")]
    [InlineData("container run --foo", 125, "unknown flag: --foo\nSee 'berth container run --help'.\n")]
    [InlineData("run", 1, "\"berth run\" requires at least 1 argument.\nSee 'berth run --help'.\n\nUsage:  berth run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun a command in a new container\n")]
    [InlineData("ps x", 1, "\"berth ps\" accepts no arguments.\nSee 'berth ps --help'.\n\nUsage:  berth ps [OPTIONS]\n\nList containers\n")]
    [InlineData("tag x", 1, "\"berth tag\" requires exactly 2 arguments.\nSee 'berth tag --help'.\n\nUsage:  berth tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]\n\nGive an image a further name\n")]
    [InlineData("build .", 1, "berth: 'build' is not there yet (Berth 0.1.0); 'berth --help' lists the commands there are\n")]
    [InlineData("image build .", 1, "berth: 'image build' is not there yet (Berth 0.1.0); 'berth --help' lists the commands there are\n")]
    [InlineData("help nosuch", 1, "unknown help topic: nosuch\n")]
    [InlineData("-H a -H b ps", 1, "Specify only one -H\n")]
    [InlineData("-H https://x ps", 1, "cannot use the daemon address https://x: https:// is not there yet; use unix://PATH, tcp://HOST:PORT or ssh://HOST\n")]
    [InlineData("-H ssh:// ps", 1, "ssh:// is no address for ssh: ssh://[USER@]HOST[:PORT][/SOCKET] is wanted\n")]
    [InlineData("push a b", 1, "\"berth push\" requires exactly 1 argument.\nSee 'berth push --help'.\n\nUsage:  berth push [OPTIONS] NAME[:TAG] | ssh://[USER@]HOST[:PORT] IMAGE [IMAGE...]\n\nBring an image into a registry, or into the engine of another machine\n")]
    [InlineData("push ssh://x", 1, "no image is named: berth push ssh://x IMAGE [IMAGE...]\n")]
    [InlineData("-H foo://x ps", 1, "unable to parse docker host `foo://x`: use unix://PATH, tcp://HOST:PORT or ssh://HOST\n")]
    [InlineData("--context other ps", 1, "cannot use the context \"other\": contexts are not there yet; name the daemon with -H or DOCKER_HOST\n")]
    [InlineData("--tlsverify ps", 1, "cannot use --tlsverify: TLS to the daemon is not there yet; use a unix:// socket, or tcp:// inside a protected network\n")]
    [InlineData("-l bad ps", 1, "Unable to parse logging level: bad\n")]
    public void RefusesBeforeTheDaemonIsAsked(string line, int code, string error)
    {
        ClientResult result = Client.Run(null, line.Split(' '));
        Assert.Equal(new ClientResult(code, "", error), result);
    }

    [Theory]
    [InlineData("berth", "Berth version 0.1.0\n")]
    [InlineData("docker", "Docker version 0.1.0, build berth\n")]
    public void TellsItsVersion(string program, string line) => Assert.Equal(line, Client.Run(program, null, ["--version"]).Out);

    [Theory]
    [InlineData("unix:///nonexistent/berth.sock", ". Is berthd running? (no such file or directory;")]
    [InlineData("tcp://127.0.0.1:1", ". Is berthd running? (connection refused;")]
    [InlineData("tcp://no-such-host.invalid:1", ": no address is known for the host no-such-host.invalid;")]
    public void SaysHowToReachTheDaemon(string address, string why)
    {
        ClientResult result = Client.Run("berth", null, ["ps"], name => name == "BERTH_HOST" ? address : null);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"Cannot connect to the Berth daemon at {address}{why}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsThatReachNoDaemonEndWith125() =>
        Assert.Equal(125, Client.Run("berth", null, ["run", "busybox"], static name => name == "DOCKER_HOST" ? "unix:///nonexistent" : null).Code);

    [Theory]
    [InlineData("/usr/local/bin/docker", "docker")]
    [InlineData("docker", "docker")]
    [InlineData("/usr/local/bin/berth", "berth")]
    [InlineData("./x", "berth")]
    public void KnowsItsName(string calledAs, string name) => Assert.Equal(name, ProgramName.From(calledAs));
}
