using System.Text;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Containers;

public sealed class RunTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    public static TheoryData<string, int, string[]> ExitCodes()
    {
        var data = new TheoryData<string, int, string[]>();
        foreach (string client in new[] { "28", "20.10" })
        {
            data.Add(client, 0, ["busybox", "true"]);
            data.Add(client, 1, ["busybox", "false"]);
            data.Add(client, 42, ["busybox", "sh", "-c", "exit 42"]);
            data.Add(client, 137, ["busybox", "sh", "-c", "sh -c 'kill -9 $$'; exit $?"]);
            data.Add(client, 143, ["busybox", "sh", "-c", "sh -c 'kill -TERM $$'; exit $?"]);
            data.Add(client, 127, ["busybox", "no-such-program"]);
            data.Add(client, 127, ["busybox", "/no/such/program"]);
            data.Add(client, 126, ["busybox", "/etc/passwd"]);
            data.Add(client, 126, ["busybox", "/etc"]);
            data.Add(client, 125, ["no-such-image-here", "true"]);
            data.Add(client, 125, ["--storage-opt", "size=1G", "busybox", "true"]);
            data.Add(client, 125, ["--cap-add", "NONSENSE", "busybox", "true"]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ExitCodes))]
    public async Task TheExitCodeIsDockers(string client, int code, string[] arguments)
    {
        ProcessResult result = await fixture.RunAsync(client, ["run", "--rm", .. arguments]);
        Assert.True(result.ExitCode == code, result.ToString());
    }

    [Theory]
    [InlineData(127, "exec: \"/bin/nonex\": stat /bin/nonex: no such file or directory", "busybox", "/bin/nonex")]
    [InlineData(127, "exec: \"nonex\": executable file not found in $PATH", "busybox", "nonex")]
    [InlineData(127, "exec: \"\": executable file not found in $PATH", "busybox", "")]
    [InlineData(126, "exec: \"/etc/passwd\": permission denied", "busybox", "/etc/passwd")]
    [InlineData(125, "network nonexist not found", "--network", "nonexist", "busybox", "true")]
    [InlineData(125, "No such container: nope", "--network", "container:nope", "busybox", "true")]
    [InlineData(125, "No such container: nope", "--volumes-from", "nope", "busybox", "true")]
    public async Task TheReasonIsSaid(int code, string reason, params string[] arguments)
    {
        ProcessResult result = await fixture.RunAsync("28", ["run", "--rm", .. arguments]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unable to find image", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OutputAndErrorsAreApart(string client)
    {
        ProcessResult result = await fixture.RunAsync(client, "run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");
        Assert.Equal(("out\n", "err\n"), (result.Out, result.Error));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task InputIsPassedOnAndEnds(string client)
    {
        byte[] input = new byte[3_000_000];
        new Random(1).NextBytes(input);
        ProcessResult result = await fixture.Client(client).RunAsync(fixture.Daemon, new MemoryStream(input), "run", "-i", "--rm", "busybox", "sha256sum");
        Assert.StartsWith(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(input)), result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task WithoutInputThereIsNone(string client) =>
        Assert.Equal("0", await fixture.TextAsync(client, "run", "--rm", "busybox", "sh", "-c", "wc -c | tr -d ' '"));

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task OptionsReachTheProcess(string client)
    {
        string text = await fixture.TextAsync(
            client, "run", "--rm", "-e", "A=b c", "-w", "/tmp", "-u", "65534:65534", "-h", "here", "busybox", "sh", "-c", "echo $A; pwd; id -u; id -g; hostname");
        Assert.Equal("b c\n/tmp\n65534\n65534\nhere", text);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnEntrypointTakesTheCommandAsArguments(string client) =>
        Assert.Equal("a b", await fixture.TextAsync(client, "run", "--rm", "--entrypoint", "echo", "busybox", "a", "b"));

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task RmLeavesNoContainer(string client)
    {
        string name = fixture.NewName();
        await fixture.TextAsync(client, "run", "--rm", "--name", name, "busybox", "true");
        Assert.Equal("", await fixture.TextAsync(client, "ps", "-aq", "--filter", $"name={name}"));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task DetachedPrintsTheId(string client)
    {
        string name = fixture.NewName();
        string id = await fixture.TextAsync(client, "run", "-d", "--name", name, "busybox", "sleep", "1000");
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id, await fixture.TextAsync(client, "inspect", "-f", "{{.Id}}", name));
        Assert.Equal("true", await fixture.TextAsync(client, "inspect", "-f", "{{.State.Running}}", name));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task ANameIsUsedOnce(string client)
    {
        string name = await fixture.SleeperAsync(client);
        ProcessResult result = await fixture.RunAsync(client, "run", "--name", name, "busybox", "true");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains($"Conflict. The container name \"/{name}\" is already in use by container", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task MuchOutputArrivesWhole(string client)
    {
        ProcessResult result = await fixture.RunAsync(client, "run", "--rm", "busybox", "seq", "1", "200000");
        var expected = new StringBuilder();
        for (int i = 1; i <= 200_000; i++)
        {
            expected.Append(i).Append('\n');
        }

        Assert.Equal(expected.ToString(), result.Out);
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task AnEndedContainerIsKeptAndStartsAgain(string client)
    {
        string name = fixture.NewName();
        Assert.Equal(3, (await fixture.RunAsync(client, "run", "--name", name, "busybox", "sh", "-c", "echo again; exit 3")).ExitCode);
        Assert.Equal("exited 3", await fixture.TextAsync(client, "inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", name));
        ProcessResult again = await fixture.RunAsync(client, "start", "-a", name);
        Assert.Equal((3, "again\n"), (again.ExitCode, again.Out));
    }
}
