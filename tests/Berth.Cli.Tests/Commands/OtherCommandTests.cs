using System.Text;

namespace Berth.Cli.Tests.Commands;

public sealed class OtherCommandTests
{
    [Theory]
    [InlineData("stop -t 3 -s INT a", "POST /containers/a/stop?signal=INT&t=3")]
    [InlineData("stop --time 3 a", "POST /containers/a/stop?t=3")]
    [InlineData("restart a", "POST /containers/a/restart")]
    [InlineData("kill -s HUP a", "POST /containers/a/kill?signal=HUP")]
    [InlineData("pause a", "POST /containers/a/pause")]
    [InlineData("unpause a", "POST /containers/a/unpause")]
    [InlineData("rm -f -v a", "DELETE /containers/a?v=1&force=1")]
    [InlineData("rm -l /a/b", "DELETE /containers/a%2Fb?link=1")]
    [InlineData("rename a b", "POST /containers/a/rename?name=b")]
    [InlineData("tag a host:5000/b:c", "POST /images/a/tag?repo=host:5000%2Fb&tag=c")]
    [InlineData("tag busybox b", "POST /images/busybox/tag?repo=b")]
    [InlineData("volume rm -f v", "DELETE /volumes/v?force=1")]
    [InlineData("container stop a", "POST /containers/a/stop")]
    [InlineData("image tag a b", "POST /images/a/tag?repo=b")]
    public void AsksForIt(string line, string request)
    {
        using FakeDaemon daemon = new FakeDaemon().On("", _ => FakeAnswer.Nothing());
        Assert.Equal(0, Client.Run(daemon, line.Split(' ')).Code);
        Assert.Equal(request, Assert.Single(daemon.Requests).Line);
    }

    [Fact]
    public void RemovingGoesOnAfterAFailure()
    {
        using FakeDaemon daemon = new FakeDaemon().On("DELETE /containers/", _ => FakeAnswer.Nothing())
            .On("DELETE /containers/b", """{"message":"cannot remove a running container b"}""", 409);
        Assert.Equal(new ClientResult(1, "a\nc\n", "Error response from daemon: cannot remove a running container b\n"), Client.Run(daemon, "rm", "a", "b", "c"));
    }

    [Fact]
    public void ForcedRemovalDoesNotMindWhatIsGone()
    {
        using FakeDaemon daemon = new FakeDaemon().On("DELETE ", """{"message":"No such container: a"}""", 404);
        Assert.Equal(new ClientResult(0, "", "Error response from daemon: No such container: a\n"), Client.Run(daemon, "rm", "-f", "a"));
    }

    [Fact]
    public void RmiTellsWhatWentAway()
    {
        using FakeDaemon daemon = new FakeDaemon().On("DELETE /images/a", """[{"Untagged":"a:latest"},{"Deleted":"sha256:1"}]""");
        Assert.Equal(new ClientResult(0, "Untagged: a:latest\nDeleted: sha256:1\n", ""), Client.Run(daemon, "rmi", "a"));
    }

    [Fact]
    public void RmiOfAPlatformIsAskedOnlyOfADaemonThatKnowsIt()
    {
        using FakeDaemon daemon = new FakeDaemon().On("DELETE /v1.50/images/a", "[]");
        Assert.Equal(0, Client.Run(daemon, "rmi", "--platform", "linux/arm64,linux/arm/v6", "a").Code);
        string line = Uri.UnescapeDataString(Assert.Single(daemon.Requests).Line);
        Assert.Equal("""DELETE /v1.50/images/a?platforms={"os":"linux","architecture":"arm64"}&platforms={"os":"linux","architecture":"arm","variant":"v6"}""", line);
        Assert.StartsWith("\"bogus\": unknown operating system or architecture", Client.Run(daemon, "rmi", "--platform", "bogus", "a").Error, StringComparison.Ordinal);
        Assert.Single(daemon.Requests);
    }

    [Fact]
    public void AContainerIsNoImage()
    {
        using FakeDaemon daemon = new FakeDaemon().On("DELETE /images/web", """{"message":"No such image: web:latest"}""", 404).Recorded("GET /containers/web/json", "container.json");
        Assert.Equal("Error response from daemon: No such image: web:latest: web is a container; 'berth rm web' removes it, 'berth images' lists the images there are\n", Client.Run(daemon, "rmi", "web").Error);
    }

    [Fact]
    public void WaitPrintsEachCode()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/a/wait", """{"StatusCode":3}""").On("POST /containers/b/wait", """{"StatusCode":0}""");
        Assert.Equal(new ClientResult(0, "3\n0\n", ""), Client.Run(daemon, "wait", "a", "b"));
    }

    [Fact]
    public void VolumesAreMade()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /volumes/create", """{"Name":"v"}""", 201);
        Assert.Equal("v\n", Client.Run(daemon, "volume", "create", "-d", "local", "-o", "type=tmpfs", "--label", "a=b", "v").Out);
        Assert.Equal("""{"Name":"v","Driver":"local","DriverOpts":{"type":"tmpfs"},"Labels":{"a":"b"}}""", daemon.Requests.First().Text);
    }

    [Theory]
    [InlineData("logs web", "o1\no2\n", "e1\n")]
    [InlineData("logs --head 2 web", "o1\n", "e1\n")]
    [InlineData("logs --head 0 web", "", "")]
    public void LogsComeOnBothStreams(string line, string output, string error)
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/web/logs", _ => FakeAnswer.Chunked(
            "application/vnd.docker.multiplexed-stream", FakeAnswer.Frame(1, "o1\n"), FakeAnswer.Frame(2, "e1\n"), FakeAnswer.Frame(1, "o2\n")));
        Assert.Equal(new ClientResult(0, output, error), Client.Run(daemon, line.Split(' ')));
    }

    [Fact]
    public void LogsOfATerminalHaveNoFrames()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/web/logs", _ => FakeAnswer.Chunked("application/vnd.docker.raw-stream", "plain\r\n"u8.ToArray()))
            .On("GET /containers/web/json", """{"Config":{"Tty":true}}""");
        Assert.Equal("plain\r\n", Client.Run(daemon, "logs", "web").Out);
    }

    [Fact]
    public void LoadSendsTheFileAndShowsWhatCame()
    {
        string file = Path.GetTempFileName();
        try
        {
            byte[] archive = new byte[1_000_000];
            Random.Shared.NextBytes(archive);
            File.WriteAllBytes(file, archive);
            using FakeDaemon daemon = new FakeDaemon().On("POST /images/load", _ => FakeAnswer.Chunked(
                "application/json", Encoding.UTF8.GetBytes("{\"id\":\"x\",\"status\":\"Loading layer\",\"progressDetail\":{\"current\":5,\"total\":10}}\r\n{\"stre"), Encoding.UTF8.GetBytes("am\":\"Loaded image: a:b\\n\"}\r\n")));
            Assert.Equal(new ClientResult(0, "Loaded image: a:b\n", ""), Client.Run(daemon, "load", "-i", file));
            Assert.Equal(archive, daemon.Requests.First().Body);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void LoadFailsWithTheDaemonsReason()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /images/load", _ => FakeAnswer.Chunked("application/json", "{\"errorDetail\":{\"message\":\"unexpected EOF\"},\"error\":\"unexpected EOF\"}\r\n"u8.ToArray()));
        Assert.Equal(new ClientResult(1, "", "unexpected EOF\n"), Client.Run(daemon, "load", "-i", "/etc/hostname"));
        Assert.Equal(new ClientResult(1, "", "open /nonexistent: no such file or directory\n"), Client.Run(daemon, "load", "-i", "/nonexistent"));
    }

    [Fact]
    public void ImportNamesTheImage()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /images/create", _ => FakeAnswer.Chunked("application/json", "{\"status\":\"sha256:1\"}\r\n"u8.ToArray()));
        Assert.Equal("sha256:1\n", Client.Run(daemon, "import", "-c", "CMD sh", "-m", "m", "/etc/hostname", "a/b:c").Out);
        Assert.Equal("POST /images/create?fromSrc=-&repo=a%2Fb&tag=c&message=m&changes=CMD%20sh", daemon.Requests.First().Line);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void CompletionScriptsAreAsWritten(string shell) => Golden.Check($"commands/completion-{shell}.txt", Client.Run(null, "completion", shell).Out);

    [Theory]
    [InlineData("ru", "run")]
    [InlineData("volume c", "create")]
    [InlineData("run --netw", "--network\n--network-alias")]
    [InlineData("run --pull ", "always\nmissing\nnever")]
    [InlineData("stop w", "web")]
    [InlineData("rm ", "done\nweb")]
    [InlineData("run --rm busyb", "busybox:latest")]
    [InlineData("load -i ", "__files")]
    [InlineData("network r", "rm")]
    [InlineData("network rm ", "none\nhost")]
    [InlineData("network inspect n", "none")]
    [InlineData("network connect ", "none\nhost")]
    [InlineData("network connect none ", "done\nweb")]
    [InlineData("network disconnect -f none w", "web")]
    [InlineData("network create --config-from h", "host")]
    [InlineData("network check web ", "done\nweb")]
    [InlineData("run --network n", "none")]
    [InlineData("run --link w", "web")]
    [InlineData("run --publish-policy ", "open\nhost")]
    [InlineData("port ", "add\nrm\ndone\nweb")]
    [InlineData("port w", "web")]
    [InlineData("port web 8", "")]
    [InlineData("port add w", "web")]
    [InlineData("port add web 8", "")]
    [InlineData("port rm --", "--help")]
    [InlineData("container port a", "add")]
    [InlineData("-", "--config\n--context\n--debug\n--help\n--host\n--log-level\n--tls\n--tlscacert\n--tlscert\n--tlskey\n--tlsverify\n--version")]
    public void WordsComeFromTheTables(string typed, string words)
    {
        using FakeDaemon daemon = new FakeDaemon().Recorded("GET /containers/json", "containers.json").Recorded("GET /images/json", "images.json").Recorded("GET /networks", "networks.json");
        Assert.Equal(words, Client.Run(daemon, ["__words", .. typed.Split(' ')]).Out.TrimEnd('\n'));
    }
}
