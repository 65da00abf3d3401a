using Berth.Testing;
using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Docs;

/// <summary>The README's first command, and the service it installs, on a machine whose /etc, /run and /var/log are of its own.</summary>
public sealed class QuickstartTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-quickstart-").FullName;

    private string Name => Path.GetFileName(_folder);

    public ValueTask InitializeAsync()
    {
        foreach (string part in (string[])["etc", "work", "run", "log", "prefix"])
        {
            Directory.CreateDirectory($"{_folder}/{part}");
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task InstallsAndRunsAndDoesNoHarmTwice()
    {
        string output = await RunAsync(
            $"""
            echo 'BERTHD_OPTIONS="--data-root {_folder}/data --cgroup-parent /{Name}"' > /etc/default/berthd
            ./quickstart --prefix {_folder}/prefix
            first=$(cat /run/berth/berthd.pid)
            ./quickstart --prefix {_folder}/prefix
            [ "$first" = "$(cat /run/berth/berthd.pid)" ] && echo "> the daemon ran on"
            service berthd start
            service berthd restart
            [ "$first" != "$(cat /run/berth/berthd.pid)" ] && echo "> it was restarted"
            echo "> $(service berthd status)"
            echo "> $({_folder}/prefix/bin/berth run --rm busybox echo still works)"
            service berthd stop
            service berthd stop
            service berthd status || echo "> status answers $?"
            echo 'BERTHD_OPTIONS=--no-such-option' > /etc/default/berthd
            service berthd start || echo "> start answers $?"
            """);
        Assert.Equal(2, output.Split("folders and pid 1\n").Length - 1);
        Assert.Equal(
            ["the daemon ran on", "it was restarted", "berthd is running", "still works", "status answers 3", "start answers 1"],
            output.Split('\n').Where(static l => l.StartsWith("> ", StringComparison.Ordinal)).Select(static l => l[2..]));
        Assert.Contains("--no-such-option", await File.ReadAllTextAsync($"{_folder}/log/berthd.log", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownOptionIsRefused()
    {
        ProcessResult result = await Run.Async($"{Programs.Checkout}/quickstart", "--no-such-option");
        Assert.Equal((2, "quickstart: unknown option --no-such-option (try --help)\n"), (result.ExitCode, result.Error));
    }

    public async ValueTask DisposeAsync()
    {
        await CgroupSweep.RunAsync(Name, _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> RunAsync(string script)
    {
        string prepare =
            $"""
            mount -t overlay overlay -o lowerdir=/etc,upperdir={_folder}/etc,workdir={_folder}/work /etc
            mount --bind {_folder}/run /run
            mount --bind {_folder}/log /var/log
            ip link set lo up
            cd {Programs.Checkout}
            """;
        ProcessResult result = await Run.Async("unshare", "--net", "--mount", "--propagation", "private", "bash", "-euc", $"{prepare}\n{script}");
        return result.Text;
    }
}
