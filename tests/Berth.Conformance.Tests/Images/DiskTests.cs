using Berth.Testing.Clients;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>What the store takes, what is pruned from it, and whether it is whole, by stock clients and our own.</summary>
public sealed class DiskTests
{
    /// <summary>All clients show the same of the same daemon, whichever API they speak.</summary>
    [Fact]
    public async Task ClientsAgreeOnDiskUsage()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.TextAsync("run", "--name", "wrote", "-v", "data:/data", "busybox", "sh", "-c", "dd if=/dev/zero of=/big bs=1M count=3 2>/dev/null; echo abc >/data/x");
        await daemon.TextAsync("tag", "busybox", "also:1");
        string usual = await OursAsync(daemon, "system", "df");
        Assert.Contains("Containers      1         0         3.146MB   3.146MB (100%)", usual, StringComparison.Ordinal);
        Assert.Contains("Local Volumes   1         1         4B        0B (0%)", usual, StringComparison.Ordinal);
        string each = Steady(await OursAsync(daemon, "system", "df", "-v"));
        foreach (DockerClient client in new[] { DockerClient.V28, DockerClient.V20 }.OfType<DockerClient>())
        {
            Assert.Equal(usual, (await client.RunAsync(daemon, "system", "df")).Text);
        }

        // 20.10 rounds an image's size to another digit here.
        Assert.Equal(each, Steady((await Clients.Of("28").RunAsync(daemon, "system", "df", "-v")).Text));
    }

    [Theory]
    [MemberData(nameof(Clients.Both), MemberType = typeof(Clients))]
    public async Task PrunesTakeWhatNothingUses(string client)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        DockerClient docker = Clients.Of(client);
        foreach (string content in (string[])["1", "2"])
        {
            string folder = Directory.CreateDirectory(Path.Join(daemon.Folder, "fs")).FullName;
            await File.WriteAllTextAsync(Path.Join(folder, "f"), content, TestContext.Current.CancellationToken);
            ProcessResult packed = await Run.Async("tar", ["-C", folder, "-cf", Path.Join(daemon.Folder, "fs.tar"), "."]);
            Assert.Equal(0, packed.ExitCode);
            await daemon.TextAsync("import", Path.Join(daemon.Folder, "fs.tar"), "made:1");
        }

        string dangling = await daemon.TextAsync("images", "-q", "--no-trunc", "-f", "dangling=true");
        string container = await daemon.TextAsync("create", "--name", "stopped", "busybox");
        Assert.Contains($"deleted: {dangling}", (await docker.RunAsync(daemon, "image", "prune", "-f")).Text, StringComparison.Ordinal);
        Assert.Contains("untagged: made:1", (await docker.RunAsync(daemon, "image", "prune", "-af")).Text, StringComparison.Ordinal);
        Assert.Equal("busybox:latest", await daemon.TextAsync("images", "--format", "{{.Repository}}:{{.Tag}}")); // a container needs it
        Assert.DoesNotContain(container, (await docker.RunAsync(daemon, "container", "prune", "-f", "--filter", "label=x")).Text, StringComparison.Ordinal);
        Assert.Contains(container, (await docker.RunAsync(daemon, "system", "prune", "-f")).Text, StringComparison.Ordinal);
        Assert.Contains("untagged: busybox:latest", (await docker.RunAsync(daemon, "system", "prune", "-af", "--volumes")).Text, StringComparison.Ordinal);
        Assert.Equal("", await daemon.TextAsync("images", "-aq"));
    }

    [Fact]
    public async Task DamageIsFoundAndRepaired()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Assert.Contains("nothing is damaged", await OursAsync(daemon, "system", "check"), StringComparison.Ordinal);
        string passwd = Directory.EnumerateFiles(daemon.Folder, "passwd", SearchOption.AllDirectories).First(p => p.EndsWith("/fs/etc/passwd", StringComparison.Ordinal));
        await File.AppendAllTextAsync(passwd, "evil::0:0::/:/bin/sh\n", TestContext.Current.CancellationToken);
        ProcessResult found = await DockerClient.Berth.RunAsync(daemon, "system", "check");
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("etc/passwd: has", found.Out, StringComparison.Ordinal);
        Assert.Contains("1 damaged, 1 of them repaired", await OursAsync(daemon, "system", "check", "--repair"), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", await daemon.TextAsync("run", "--rm", "busybox", "cat", "/etc/passwd"), StringComparison.Ordinal);
    }

    /// <summary>Images give way, the one used longest ago first; one of a container does not, and events tell of it.</summary>
    [Fact]
    public async Task ImagesGiveWayToTheCap()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.StopAsync();
        daemon.Options = ["--image-cap", "7m"];
        await daemon.LaunchAsync();
        await daemon.TextAsync("create", "--name", "holds", "busybox");
        foreach (string name in (string[])["old", "new"])
        {
            string file = Path.Join(daemon.Folder, "noise");
            await File.WriteAllBytesAsync(file, System.Security.Cryptography.RandomNumberGenerator.GetBytes(1_000_000), TestContext.Current.CancellationToken);
            Assert.Equal(0, (await Run.Async("tar", ["-C", daemon.Folder, "-cf", $"{daemon.Folder}/{name}.tar", "noise"])).ExitCode);
            await daemon.TextAsync("import", $"{daemon.Folder}/{name}.tar", $"{name}:1");
        }

        Assert.Equal("new:1\nbusybox:latest", await daemon.TextAsync("images", "--format", "{{.Repository}}:{{.Tag}}"));
        Assert.Contains("(old:1, last used", daemon.Log, StringComparison.Ordinal);
        string now = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}.000000000";
        string told = await daemon.TextAsync("events", "--since", "2000-01-01T00:00:00", "--until", now, "--filter", "type=image", "--format", "{{.Action}}");
        Assert.EndsWith("import\nuntag\ndelete", told, StringComparison.Ordinal);
    }

    private static async Task<string> OursAsync(TestDaemon daemon, params string[] arguments) => (await DockerClient.Berth.RunAsync(daemon, arguments)).Text;

    // Ages differ by the moment they are asked at.
    private static string Steady(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => System.Text.RegularExpressions.Regex.Replace(
            System.Text.RegularExpressions.Regex.Replace(line, @"(Less than a second|About a \w+|\d+ \w+) ago", "ago"), @" +", " ").TrimEnd()));
}
