using System.Text.RegularExpressions;
using Berth.Conformance.Tests.Isolation;
using Berth.Testing;
using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>Images from one engine to another through ssh.</summary>
[Collection(BothEngines.Collection)]
public sealed partial class SshPushTests(BothEngines engines) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-far-").FullName;
    private FarMachine _far = null!;

    public ValueTask InitializeAsync()
    {
        _far = new FarMachine(_folder);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task DockerGetsOnlyWhatItLacks()
    {
        _far.Install("docker", $"exec /usr/bin/docker -H unix://{engines.Theirs.Folder}/docker.sock \"$@\"");
        await OnlyWhatIsLackingAsync(a => engines.Theirs.TextAsync(a));
    }

    [Fact]
    public async Task AnotherBerthGetsOnlyWhatItLacks()
    {
        await using TestDaemon other = await OtherAsync();
        _far.Install("berth", $"exec {Programs.Berth} -H unix://{other.Socket} \"$@\"");
        _far.Install("docker", "echo not this one >&2; exit 1");
        await OnlyWhatIsLackingAsync(a => other.TextAsync(a));
    }

    /// <summary>Docker's own client comes through ours there, and ours reaches either.</summary>
    [Fact]
    public async Task EitherClientReachesADaemonThroughSsh()
    {
        await using TestDaemon other = await OtherAsync();
        _far.Install("docker", $"exec {Programs.Berth} -H unix://{other.Socket} \"$@\"");
        foreach (string version in (string[])["28", "20.10", "berth"])
        {
            ProcessResult ran = await _far.RunAsync(Clients.Of(version).Path, "ssh://eve@far:22", _far.SearchPath, "run", "--rm", "--net", "none", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");
            Assert.Equal((7, "out\n", "err\n"), (ran.ExitCode, ran.Out, ran.Error));
        }
    }

    [Fact]
    public async Task TheSocketThereCanBeNamed()
    {
        _far.Install("docker", "exec /usr/bin/docker \"$@\"");
        await MakeAsync("named:1", "echo named >/named");
        ProcessResult pushed = await PushAsync($"ssh://far{engines.Theirs.Folder}/docker.sock", "named:1");
        Assert.Contains("Loaded image: named:1\n", pushed.Out, StringComparison.Ordinal);
        Assert.Equal("named", await engines.Theirs.TextAsync("run", "--rm", "--net", "none", "named:1", "cat", "/named"));
        await engines.Theirs.TextAsync("rmi", "named:1");
        await OursAsync("rmi", "named:1");
    }

    [Fact]
    public async Task ATerminalSeesItGo()
    {
        await using TestDaemon other = await OtherAsync();
        _far.Install("berth", $"exec {Programs.Berth} -H unix://{other.Socket} \"$@\"");
        await using PtySession terminal = PtySession.Start($"env -i PATH={_far.SearchPath} {Programs.Berth} -H {Ours} push ssh://far busybox");
        await terminal.ExpectAsync("Sending to far: ");
        await terminal.ExpectAsync("Loaded image: busybox:latest");
        await terminal.ExpectAsync("it had 1 layer of ");
        Assert.Equal(0, await terminal.ExitCodeAsync());
    }

    [Fact]
    public async Task FailuresSayWhatToDo()
    {
        ProcessResult none = await _far.RunAsync(Programs.Berth, Ours, _far.NoPath, "push", "ssh://far", "busybox");
        Assert.Equal((1, "cannot reach far: the program ssh is not in the PATH (Debian has it in the package openssh-client)\n"), (none.ExitCode, none.Error));

        Assert.Equal("far has neither berth nor docker, or not in the PATH that ssh gives a command\n", (await PushAsync("ssh://far", "busybox")).Error);

        _far.Install("berth", $"exec {Programs.Berth} -H unix:///nonexistent/x.sock \"$@\"");
        string down = (await PushAsync("ssh://eve@far", "busybox")).Error;
        Assert.Contains("Cannot connect to the Berth daemon at unix:///nonexistent/x.sock", down, StringComparison.Ordinal);
        Assert.Contains("the daemon on eve@far cannot be reached there, for the reason given above", down, StringComparison.Ordinal);

        _far.Answer("echo 'Host key verification failed.' >&2; exit 255");
        Assert.Equal("Host key verification failed.\ncannot reach far: ssh did not get there, for the reason it gives above\n", (await PushAsync("ssh://far", "busybox")).Error);
        Assert.Contains("No such image: nothing:1", (await PushAsync("ssh://far", "nothing:1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALineThatBreaksLeavesNothingThere()
    {
        _far.Install("docker", $"exec /usr/bin/docker -H unix://{engines.Theirs.Folder}/docker.sock \"$@\"");
        await MakeAsync("broken:1", "head -c 3000000 /dev/urandom >/big");
        _far.Answer($"dd bs=64k count=16 2>/dev/null | env -i PATH={_folder}/far /bin/sh -c \"$*\"");
        ProcessResult broken = await PushAsync("ssh://far", "broken:1");
        Assert.Equal(1, broken.ExitCode);
        Assert.Matches("^(the connection to far broke|far did not take the images: )", broken.Error); // as the far end is quick to answer
        Assert.NotEqual(0, (await engines.Theirs.RunAsync("image", "inspect", "broken:1")).ExitCode);
        await OursAsync("rmi", "broken:1");
    }

    private async Task OnlyWhatIsLackingAsync(Func<string[], Task<string>> far)
    {
        string id = await MakeAsync("later:1", "echo later >/later; rm /bin/vi");
        await OursAsync("tag", "later:1", "later:2");
        ProcessResult first = await PushAsync("ssh://far", "later:1");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Matches(Sent(), first.Out);
        Assert.StartsWith("Loaded image: later:1\nSent ", first.Out, StringComparison.Ordinal);
        Assert.EndsWith(" already\n", first.Out, StringComparison.Ordinal);
        Assert.Contains(" to far; it had 1 layer of ", first.Out, StringComparison.Ordinal);
        Assert.Equal(id, await far(["image", "inspect", "-f", "{{.Id}}", "later:1"]));
        Assert.Equal("later gone", await far(["run", "--rm", "--net", "none", "later:1", "sh", "-c", "echo $(cat /later) $(test -e /bin/vi || echo gone)"]));

        // Again, with each of its tags: no layer goes.
        ProcessResult again = await PushAsync("ssh://far", "-a", "later");
        Assert.Contains(" to far; it had 2 layers of ", again.Out, StringComparison.Ordinal);
        Assert.Equal(id, await far(["image", "inspect", "-f", "{{.Id}}", "later:2"]));
        Assert.Equal("later:1\n", (await PushAsync("ssh://far", "-q", "later:1")).Out);

        // Where nothing of it is, all of it goes.
        await OursAsync("import", "-m", "whole", await WholeAsync(), "whole:1");
        ProcessResult whole = await PushAsync("ssh://far", "whole:1", "later:2");
        Assert.Contains("Loaded image: whole:1\n", whole.Out, StringComparison.Ordinal);
        Assert.Equal("alone", await far(["run", "--rm", "--net", "none", "whole:1", "/busybox", "cat", "/file"]));
        await far(["rmi", "later:1", "later:2", "whole:1"]);
        await OursAsync("rmi", "later:1", "later:2", "whole:1");
    }

    private async Task<string> WholeAsync()
    {
        string root = Path.Join(_folder, "root"), archive = Path.Join(_folder, "whole.tar");
        Directory.CreateDirectory(root);
        File.Copy("/usr/bin/busybox", Path.Join(root, "busybox"), overwrite: true);
        await File.WriteAllTextAsync(Path.Join(root, "file"), "alone\n");
        _ = (await Run.Async("tar", "-C", root, "-cf", archive, ".")).Text;
        return archive;
    }

    private async Task<TestDaemon> OtherAsync()
    {
        TestDaemon other = await TestDaemon.StartAsync(withImage: false);
        string archive = Path.Join(_folder, "busybox.tar");
        await OursAsync("save", "-o", archive, "busybox");
        await other.TextAsync("load", "-i", archive);
        return other;
    }

    private async Task<string> MakeAsync(string name, string script)
    {
        await OursAsync("run", "--name", "makes", "--net", "none", "busybox", "sh", "-c", script);
        string id = await OursAsync("commit", "makes", name);
        await OursAsync("rm", "makes");
        return id;
    }

    private string Ours => $"unix://{engines.Ours.Socket}";

    private async Task<string> OursAsync(params string[] words) => (await DockerClient.Berth.RunAsync(engines.Ours, words)).Text;

    private Task<ProcessResult> PushAsync(params string[] words) => _far.RunAsync(Programs.Berth, Ours, _far.SearchPath, ["push", .. words]);

    [GeneratedRegex(@"Sent [0-9.]+kB to far")]
    private static partial Regex Sent();
}
