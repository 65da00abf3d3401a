using System.Collections.Concurrent;
using System.Globalization;

using Berth.Testing.Archives;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Networks;

/// <summary>Debian's own sshd and Redis, as packaged, on published ports.</summary>
public sealed class DebianServiceTests(WiredDaemon wired) : IClassFixture<WiredDaemon>
{
    private const int Logins = 100, AtOnce = 8;

    /// <summary>Logins with a terminal at one address of the host; also with a daemon that somebody started from a login session.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1000)]
    public async Task SshdLogsEverybodyIn(int? loginUid)
    {
        await LaunchAsync(loginUid);
        string key = $"{wired.Daemon.Folder}/key";
        if (!File.Exists(key))
        {
            _ = (await Run.Async("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)).Text;
        }

        string name = wired.NewName("sshd");
        await wired.Daemon.TextAsync(
            "run", "-d", "--name", name, "-p", $"{WiredDaemon.SecondAddress}:2222:22", "-v", $"{key}.pub:/root/.ssh/authorized_keys", "services", "sh", "-c", "mkdir -p /run/sshd; exec /usr/sbin/sshd -D -e");
        await Until.TrueAsync(async () => (await wired.Outside.AskAsync($"{WiredDaemon.SecondAddress}:2222")).StartsWith("SSH-2.0", StringComparison.Ordinal), "sshd listens");
        var failures = new ConcurrentQueue<ProcessResult>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Logins), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            ProcessResult result = await wired.OutsideNamespace.RunAsync(
                "ssh", "-tt", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-p", "2222", $"root@{WiredDaemon.SecondAddress}",
                string.Create(CultureInfo.InvariantCulture, $"tty; echo login {i} from $SSH_CLIENT; cat /proc/self/loginuid"));
            if (result.ExitCode != 0 || !result.Out.Contains("/dev/pts/", StringComparison.Ordinal)
                || !result.Out.Contains(string.Create(CultureInfo.InvariantCulture, $"login {i} from {WiredDaemon.OutsideAddress} "), StringComparison.Ordinal) || !result.Out.EndsWith("\n0", StringComparison.Ordinal))
            {
                failures.Enqueue(result);
            }
        });
        Assert.Empty(failures);
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    [Fact]
    public async Task RedisAnswersItsBenchmark()
    {
        await LaunchAsync(null);
        string name = wired.NewName("redis");
        await wired.Daemon.TextAsync("run", "-d", "--name", name, "-p", "6379:6379", "services", "redis-server", "--protected-mode", "no", "--save", "");
        await Until.TrueAsync(async () => (await wired.Daemon.TextAsync("logs", name)).Contains("Ready to accept connections", StringComparison.Ordinal), "Redis listens");
        await wired.Daemon.TextAsync("network", "create", "clients");
        foreach (string host in new[] { WiredDaemon.HostAddress, WiredDaemon.SecondAddress })
        {
            string text = await wired.Daemon.TextAsync("run", "--rm", "--network", "clients", "services", "redis-benchmark", "-h", host, "-n", "5000", "-c", "50", "-t", "set,get,lrange_100", "--csv");
            Assert.Equal(["SET", "GET"], text.Split('\n').Select(static l => l.Split(',')[0].Trim('"')).Where(static l => l is "SET" or "GET"));
        }

        Assert.Contains("connected_clients:1", await wired.Daemon.TextAsync("exec", name, "redis-cli", "info", "clients"), StringComparison.Ordinal);
        await wired.Daemon.TextAsync("rm", "-f", name);
    }

    private async Task LaunchAsync(int? loginUid)
    {
        if (wired.Daemon.LoginUid != loginUid)
        {
            await wired.Daemon.StopAsync();
            wired.Daemon.LoginUid = loginUid;
            await wired.Daemon.LaunchAsync();
        }

        if (!await wired.Daemon.ExistsAsync("/images/services/json"))
        {
            await wired.Daemon.TextAsync("import", await DebianArchive.ServicesPathAsync(), "services");
        }
    }
}
