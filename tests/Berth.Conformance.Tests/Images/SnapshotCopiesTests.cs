using System.Globalization;

using Berth.Testing.Archives;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>One snapshot of a database, many copies of it: committed once and run 200 times at once, each copy with its own address and its own changes.</summary>
public sealed class SnapshotCopiesTests
{
    private const int Copies = 200, AtOnce = 8, Keys = 20_000;

    private static readonly string Count = Keys.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task EachCopyIsItsOwn()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(withImage: false);
        await daemon.TextAsync("import", await DebianArchive.ServicesPathAsync(), "services");
        string image = await SnapshotAsync(daemon);

        await EachAsync(i => daemon.TextAsync("run", "-d", "--name", Name(i), "database"));
        string[] addresses = await EachAsync(i => daemon.TextAsync("inspect", "-f", "{{.NetworkSettings.IPAddress}}", Name(i)));
        Assert.Equal(Copies, addresses.Distinct().Count());

        // Each sees what was committed, and nothing of the others; then changes and saves it.
        string[] seen = await EachAsync(i => RedisAsync(daemon, Name(i), $"DBSIZE; GET key:777; EXISTS own; SET own {Name(i)}; SET key:1 {Name(i)}; DEL key:2; SAVE"));
        Assert.All(seen, text => Assert.Equal($"{Count} value:777 0 OK OK 1 OK", text));
        string[] after = await EachAsync(i => RedisAsync(daemon, Name(i), "DBSIZE; GET own; GET key:1; EXISTS key:2; GET key:3"));
        Assert.Equal(Enumerable.Range(0, Copies).Select(i => $"{Count} {Name(i)} {Name(i)} 0 value:3"), after);

        // By the network each is reached at its own address.
        string others = await daemon.TextAsync("exec", Name(0), "sh", "-c", $"for a in {string.Join(' ', addresses)}; do redis-cli -h $a GET own; done");
        Assert.Equal(Enumerable.Range(0, Copies).Select(Name), others.Split('\n'));

        // What they saved is theirs: after another start too, and not the image's.
        await daemon.TextAsync("restart", "-t", "0", Name(7));
        Assert.Equal($"{Count} {Name(7)}", await RedisAsync(daemon, Name(7), "DBSIZE; GET own"));
        Assert.Equal(image, await daemon.TextAsync("image", "inspect", "-f", "{{.Id}} {{.Size}} {{.RootFS.Layers}}", "database"));
        await daemon.TextAsync("run", "-d", "--name", "fresh", "database");
        Assert.Equal($"{Count} 0 value:1 value:2", await RedisAsync(daemon, "fresh", "DBSIZE; EXISTS own; GET key:1; GET key:2"));
        ProcessResult check = await Clients.Of("berth").RunAsync(daemon, "system", "check");
        Assert.True(check.ExitCode == 0, check.ToString());
    }

    private static async Task<string> SnapshotAsync(TestDaemon daemon)
    {
        await daemon.TextAsync("run", "-d", "--name", "origin", "services", "redis-server", "--dir", "/var/lib/redis", "--save", "", "--protected-mode", "no");
        await RedisAsync(daemon, "origin", $"EVAL \"for i=1,{Count} do redis.call('SET','key:'..i,'value:'..i) end\" 0; SAVE");
        await daemon.TextAsync("stop", "-t", "0", "origin");
        await daemon.TextAsync("commit", "-c", """CMD ["redis-server", "--dir", "/var/lib/redis", "--save", "", "--protected-mode", "no"]""", "origin", "database");
        await daemon.TextAsync("rm", "origin");
        return await daemon.TextAsync("image", "inspect", "-f", "{{.Id}} {{.Size}} {{.RootFS.Layers}}", "database");
    }

    // Waits until it answers, which it does once it has loaded its data; the answers in one line.
    private static async Task<string> RedisAsync(TestDaemon daemon, string container, string commands)
    {
        string lines = string.Join('\n', commands.Split("; "));
        string text = await daemon.TextAsync(
            "exec", container, "bash", "-c", "until [ \"$(redis-cli PING 2>/dev/null)\" = PONG ]; do sleep 0.05; done; redis-cli <<<\"$1\"", "ask", lines);
        return string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Name(int copy) => $"copy{copy.ToString(CultureInfo.InvariantCulture)}";

    private static async Task<string[]> EachAsync(Func<int, Task<string>> work)
    {
        string[] answers = new string[Copies];
        await Parallel.ForAsync(0, Copies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => answers[i] = await work(i));
        return answers;
    }
}
