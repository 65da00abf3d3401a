using System.Diagnostics;
using System.Globalization;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>
/// Debian's dockerd (20.10) to compare with: roots, cgroup parent, and network and mount namespaces of its own, so that its bridge,
/// rules and mounts meet nobody else's.
/// </summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    private const string Program = "/usr/sbin/dockerd", Client = "/usr/bin/docker";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static int _last;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"bd{Environment.ProcessId % 100_000}-{Interlocked.Increment(ref _last)}");
    private Process? _process;

    private DockerDaemon() => Directory.CreateDirectory(Folder);

    public static bool IsInstalled => File.Exists(Program) && File.Exists(Client);

    /// <summary>Holds all of its files; gone with it.</summary>
    public string Folder => $"/tmp/{_name}";

    private string Host => $"unix://{Folder}/docker.sock";

    /// <param name="network">The network namespace that is its host, as a path; null: a new one.</param>
    public static async Task<DockerDaemon> StartAsync(string? network = null)
    {
        var daemon = new DockerDaemon();
        try
        {
            await daemon.LaunchAsync(network).ConfigureAwait(false);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A command of Debian's docker client on it.</summary>
    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        Run.Async(Client, ["--host", Host, .. arguments], null, new Dictionary<string, string> { ["DOCKER_CONFIG"] = Folder });

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> TextAsync(params string[] arguments) => (await RunAsync(arguments).ConfigureAwait(false)).Text;

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            // SIGTERM: it ends its containers and its containerd first.
            await Run.Async("kill", _process.Id.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process?.Dispose();
        await CgroupSweep.RunAsync(_name, Folder).ConfigureAwait(false);
        _ = (await Run.Async("rm", "-rf", "--one-file-system", Folder).ConfigureAwait(false)).Text; // also names that are not UTF-8
    }

    private async Task LaunchAsync(string? network)
    {
        string[] options =
        [
            "--data-root", $"{Folder}/data", "--exec-root", $"{Folder}/exec", "--pidfile", $"{Folder}/pid", "--host", Host,
            "--cgroup-parent", $"/{_name}", "--exec-opt", "native.cgroupdriver=cgroupfs", "--bip", "172.29.0.1/16",
        ];
        string[] inside = network is null ? ["unshare", "--net"] : ["nsenter", $"--net={network}", "unshare"];
        _process = Run.Start(
            inside[0], [.. inside[1..], "--mount", "--propagation", "private", "sh", "-c", $"ip link set lo up; exec \"$@\" </dev/null >{Folder}/log 2>&1", "sh", Program, .. options]);
        long start = Stopwatch.GetTimestamp();
        while ((await RunAsync("version").ConfigureAwait(false)).ExitCode != 0)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StartDeadline)
            {
                throw new InvalidOperationException($"dockerd did not come up:\n{await File.ReadAllTextAsync($"{Folder}/log").ConfigureAwait(false)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false); // its socket gives no other sign of being ready
        }
    }
}
