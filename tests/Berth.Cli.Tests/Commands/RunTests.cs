using System.Text;
using System.Text.Json;

using Berth.Api;

namespace Berth.Cli.Tests.Commands;

/// <summary>run, create, start, attach and exec: what they ask for, in which order, and what they end with.</summary>
public sealed class RunTests
{
    private const string Id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void RunIsFourRequests()
    {
        using FakeDaemon daemon = Running(0, FakeAnswer.Frame(1, "out\n"), FakeAnswer.Frame(2, "err\n"), FakeAnswer.Frame(1, "more\n"));
        ClientResult result = Client.Run(daemon, "run", "busybox", "true");
        Assert.Equal(new ClientResult(0, "out\nmore\n", "err\n"), result);
        Assert.Equal(
            [$"POST /containers/{Id}/attach?stream=1&stdout=1&stderr=1", $"POST /containers/{Id}/start", $"POST /containers/{Id}/wait?condition=next-exit", "POST /containers/create"],
            daemon.Requests.Select(r => r.Line).Order(StringComparer.Ordinal));
        Assert.EndsWith("/start", daemon.Requests.Last().Line, StringComparison.Ordinal);
    }

    [Fact]
    public void RemovedContainersAreWaitedFor()
    {
        using FakeDaemon daemon = Running(7);
        Assert.Equal(7, Client.Run(daemon, "run", "--rm", "busybox").Code);
        Assert.Contains(daemon.Requests, r => r.Line.EndsWith("wait?condition=removed", StringComparison.Ordinal));
    }

    [Fact]
    public void DetachedRunsPrintTheId()
    {
        using FakeDaemon daemon = Running(0);
        Assert.Equal(new ClientResult(0, $"{Id}\n", ""), Client.Run(daemon, "run", "-d", "busybox"));
        Assert.Equal(2, daemon.Requests.Count);
    }

    [Theory]
    [InlineData("exec: \\\"nosuch\\\": executable file not found in $PATH", 127)]
    [InlineData("exec: \\\"/x\\\": no such file or directory", 127)]
    [InlineData("exec: \\\"/etc\\\": permission denied", 126)]
    [InlineData("cannot start: something else", 125)]
    public void AStartThatFailsTellsWhyByItsCode(string message, int code)
    {
        using FakeDaemon daemon = Running(0).On($"POST /containers/{Id}/start", $$"""{"message":"{{message}}"}""", 400);
        ClientResult result = Client.Run(daemon, "run", "busybox", "x");
        Assert.Equal(code, result.Code);
        Assert.StartsWith("berth: Error response from daemon: ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(".\nSee 'berth run --help'.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingImageIsPulled()
    {
        int asked = 0;
        using FakeDaemon daemon = Running(0)
            .On("POST /containers/create", _ => asked++ == 0 ? FakeAnswer.Json("""{"message":"No such image: some:latest"}""", 404) : FakeAnswer.Json($$"""{"Id":"{{Id}}"}""", 201))
            .On("POST /images/create", """{"status":"Pulling from library/some","id":"latest"}""");
        Assert.Equal(new ClientResult(0, $"{Id}\n", "Unable to find image 'some:latest' locally\nlatest: Pulling from library/some\n"), Client.Run(daemon, "run", "-d", "some"));
        Assert.Contains(daemon.Requests, r => r.Line == "POST /images/create?fromImage=some&tag=latest");
        asked = 0;
        Assert.Equal(new ClientResult(0, $"{Id}\n", ""), Client.Run(daemon, "run", "-dq", "some"));
    }

    [Fact]
    public void AnImageThatCannotBePulledEndsTheRun()
    {
        using FakeDaemon daemon = Running(0).On("POST /containers/create", """{"message":"No such image: some:latest"}""", 404)
            .On("POST /images/create", """{"message":"manifest for some:latest not found: manifest unknown"}""", 404);
        ClientResult result = Client.Run(daemon, "run", "some");
        Assert.Equal((125, "Unable to find image 'some:latest' locally\nberth: Error response from daemon: manifest for some:latest not found: manifest unknown.\nSee 'berth run --help'.\n"), (result.Code, result.Error));
        daemon.On("POST /images/create", """{"errorDetail":{"message":"it broke off"},"error":"it broke off"}""");
        Assert.Equal(125, Client.Run(daemon, "run", "some").Code);
    }

    [Fact]
    public void PullIsAlwaysOrNever()
    {
        using FakeDaemon daemon = Running(0).On("POST /images/create", """{"status":"x"}""");
        Assert.Equal("x\n", Client.Run(daemon, "run", "-d", "--pull", "always", "some@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").Error);
        Assert.Contains(daemon.Requests, r => r.Line == "POST /images/create?fromImage=some&tag=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        daemon.Requests.Clear();
        daemon.On("POST /containers/create", """{"message":"No such image: some:latest"}""", 404);
        Assert.Equal("berth: Error response from daemon: No such image: some:latest.\nSee 'berth run --help'.\n", Client.Run(daemon, "run", "--pull=never", "some").Error);
        Assert.DoesNotContain(daemon.Requests, r => r.Line.StartsWith("POST /images/", StringComparison.Ordinal));
    }

    [Fact]
    public void WarningsOfTheDaemonAreShown()
    {
        using FakeDaemon daemon = Running(0).On("POST /containers/create", $$"""{"Id":"{{Id}}","Warnings":["no swap limit"]}""", 201);
        Assert.Equal("WARNING: no swap limit\n", Client.Run(daemon, "run", "-d", "busybox").Error);
    }

    [Theory]
    [InlineData("-t -i")]
    [InlineData("-it")]
    public void ATerminalIsNeededForOne(string flags)
    {
        if (Berth.Linux.Terminals.Terminal.Is(0))
        {
            return; // somebody runs the tests by hand
        }

        using FakeDaemon daemon = Running(0);
        Assert.Equal(new ClientResult(1, "", "the input device is not a TTY\n"), Client.Run(daemon, ["run", .. flags.Split(' '), "busybox"]));
        Assert.Empty(daemon.Requests);
    }

    [Fact]
    public void OldLinksAreTakenWithAWarning()
    {
        using FakeDaemon daemon = Running(0);
        ClientResult result = Client.Run(daemon, "run", "-d", "-link", "db:db", "busybox");
        Assert.Equal("Warning: '-link' is an old spelling, use '--link'.\n", result.Error);
        Assert.Equal(["db:db"], Body(daemon).HostConfig!.Links!);
    }

    [Fact]
    public void CidFilesHoldTheIdOrAreNotThere()
    {
        string folder = Directory.CreateTempSubdirectory("berth-cli").FullName;
        string file = Path.Combine(folder, "cid");
        try
        {
            using FakeDaemon daemon = Running(0);
            Client.Run(daemon, "run", "-d", "--cidfile", file, "busybox");
            Assert.Equal(Id, File.ReadAllText(file));
            ClientResult second = Client.Run(daemon, "run", "-d", "--cidfile", file, "busybox");
            Assert.Equal(125, second.Code);
            Assert.Contains("container ID file found", second.Error, StringComparison.Ordinal);
            File.Delete(file);
            daemon.On("POST /containers/create", """{"message":"no"}""", 409);
            Client.Run(daemon, "run", "-d", "--cidfile", file, "busybox");
            Assert.False(File.Exists(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void StartAnswersForEach()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/a/start", _ => FakeAnswer.Nothing()).On("POST /containers/b/start", """{"message":"No such container: b"}""", 404);
        Assert.Equal(new ClientResult(1, "a\n", "Error response from daemon: No such container: b\nError: failed to start containers: b\n"), Client.Run(daemon, "start", "a", "b"));
    }

    [Fact]
    public void AnImageIsNoContainer()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/", """{"message":"No such container: busybox"}""", 404).Recorded("GET /images/busybox/json", "image.json");
        ClientResult result = Client.Run(daemon, "stop", "busybox");
        Assert.Equal("Error response from daemon: No such container: busybox: busybox is an image; 'berth run busybox' makes a container of it, 'berth ps -a' lists those there are\n", result.Error);
    }

    [Fact]
    public void ExecIsThreeRequests()
    {
        using FakeDaemon daemon = new FakeDaemon().On("POST /containers/web/exec", """{"Id":"eee"}""", 201)
            .On("POST /exec/eee/start", _ => FakeAnswer.Upgrade(FakeAnswer.Frame(1, "hi\n"))).On("GET /exec/eee/json", """{"ExitCode":5}""");
        Assert.Equal(new ClientResult(5, "hi\n", ""), Client.Run(daemon, "exec", "-e", "A=b", "-u", "1:2", "-w", "/x", "web", "ls", "-la"));
        Assert.Equal(3, daemon.Requests.Count);
        ExecCreateRequest create = JsonSerializer.Deserialize(daemon.Requests.First().Body, ApiJson.Default.ExecCreateRequest)!;
        Assert.Equal(("1:2", "/x", false, true), (create.User, create.WorkingDir, create.AttachStdin, create.AttachStdout));
        Assert.Equal(["ls", "-la"], create.Cmd!);
        Assert.Equal(["A=b"], create.Env!);
    }

    [Fact]
    public void AttachWantsARunningContainer()
    {
        using FakeDaemon daemon = new FakeDaemon().On("GET /containers/x/json", """{"Id":"x","State":{"Running":false},"Config":{}}""");
        Assert.Equal(new ClientResult(1, "", "You cannot attach to a stopped container, start it first\n"), Client.Run(daemon, "attach", "x"));
    }

    [Fact]
    public void AttachEndsWithTheContainersCode()
    {
        using FakeDaemon daemon = Running(9, FakeAnswer.Frame(1, "x\n")).On("GET /containers/web/json", $$$"""{"Id":"{{{Id}}}","State":{"Running":true},"Config":{"Tty":false}}""");
        Assert.Equal(new ClientResult(9, "x\n", ""), Client.Run(daemon, "attach", "--no-stdin", "web"));
    }

    private static FakeDaemon Running(int code, params byte[][] output)
    {
        return new FakeDaemon()
            .On("POST /containers/create", $$"""{"Id":"{{Id}}","Warnings":[]}""", 201)
            .On($"POST /containers/{Id}/attach", _ => FakeAnswer.Upgrade(output))
            .On($"POST /containers/{Id}/wait", _ => FakeAnswer.Chunked("application/json", Encoding.UTF8.GetBytes($$"""{"StatusCode":{{code}}}""")))
            .On($"POST /containers/{Id}/start", _ => FakeAnswer.Nothing());
    }

    private static ContainerCreateRequest Body(FakeDaemon daemon) =>
        JsonSerializer.Deserialize(daemon.Requests.First(r => r.Line.StartsWith("POST /containers/create", StringComparison.Ordinal)).Body, ApiJson.Default.ContainerCreateRequest)!;
}
