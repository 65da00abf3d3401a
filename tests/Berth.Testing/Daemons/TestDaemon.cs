using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Berth.Testing.Archives;
using Berth.Testing.Clients;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>A published berthd with everything of its own: data root, run root, socket, bridge, cgroup parent, network namespace.</summary>
public sealed class TestDaemon : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static int _last;

    private readonly string _name;
    private Process? _process;

    private TestDaemon(string name, NetworkNamespace host)
    {
        _name = name;
        Host = host;
        Folder = $"/tmp/{name}";
        Directory.CreateDirectory(Folder);
        Api = new ApiClient(Socket);
    }

    /// <summary>Holds all of the daemon's files; gone with it.</summary>
    public string Folder { get; }

    public string DataRoot => $"{Folder}/data";

    public string RunRoot => $"{Folder}/run";

    public string Socket => $"{Folder}/berth.sock";

    public string CgroupParent => $"/{_name}";

    public string LogFile => $"{Folder}/log";

    /// <summary>Where its host's D-Bus would listen: that of the machine is no part of it.</summary>
    public string SystemBus => $"{Folder}/bus";

    public NetworkNamespace Host { get; }

    public ApiClient Api { get; }

    /// <summary>The audit login uid of the session it is started from, from the next start on; null: that of the tests.</summary>
    public int? LoginUid { get; set; }

    /// <summary>Further words of its command line, from the next start on.</summary>
    public IReadOnlyList<string> Options { get; set; } = [];

    public int Pid => _process?.Id ?? throw new InvalidOperationException("the daemon does not run");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it said so far.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <param name="failpoint">"kill@N": it kills itself after its N-th durable step; null: it does not.</param>
    /// <param name="withImage">Load busybox.</param>
    public static async Task<TestDaemon> StartAsync(string? failpoint = null, bool withImage = true)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"bt{Environment.ProcessId % 100_000}-{Interlocked.Increment(ref _last)}");
        var daemon = new TestDaemon(name, await NetworkNamespace.MakeAsync(name).ConfigureAwait(false));
        try
        {
            // The image is loaded by a daemon without a failpoint, so that steps are counted from the work itself on.
            await daemon.LaunchAsync(withImage ? null : failpoint).ConfigureAwait(false);
            if (withImage)
            {
                await daemon.LoadBusyboxAsync().ConfigureAwait(false);
                if (failpoint is not null)
                {
                    await daemon.StopAsync().ConfigureAwait(false);
                    await daemon.LaunchAsync(failpoint).ConfigureAwait(false);
                }
            }

            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the program again on the same roots.</summary>
    /// <param name="failpoint">As at the start.</param>
    public async Task LaunchAsync(string? failpoint = null)
    {
        if (!await TryLaunchAsync(failpoint).ConfigureAwait(false))
        {
            throw new InvalidOperationException($"berthd did not become ready:\n{Log}");
        }
    }

    /// <summary>As <see cref="LaunchAsync"/>; false: it ended before it was ready.</summary>
    public async Task<bool> TryLaunchAsync(string? failpoint = null)
    {
        using var ready = new ReadySocket($"{Folder}/notify.sock");
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = ready.Path, ["DBUS_SYSTEM_BUS_ADDRESS"] = $"unix:path={SystemBus}" };
        if (failpoint is not null)
        {
            environment["BERTH_FAILPOINT"] = failpoint;
        }

        _process?.Dispose();
        _process = Run.Start("nsenter", [$"--net={Host.Path}", "sh", "-c", $"{Session()}exec \"$@\" </dev/null >>{LogFile} 2>&1", "sh", .. Command()], environment);
        using var deadline = new CancellationTokenSource(StartDeadline);
        Task ended = _process.WaitForExitAsync(deadline.Token), up = ready.WaitAsync(deadline.Token);
        bool isUp = await Task.WhenAny(ended, up).ConfigureAwait(false) == up && up.IsCompletedSuccessfully;
        await deadline.CancelAsync().ConfigureAwait(false);
        return isUp;
    }

    /// <summary>Whether it ended, or does within a moment: its last answer may come before the kernel has reaped it.</summary>
    public bool EndsSoon() => _process is null || _process.WaitForExit(TimeSpan.FromSeconds(5));

    /// <summary>A request that must succeed.</summary>
    public async Task DoAsync(HttpMethod method, string path, string? json = null)
    {
        using HttpResponseMessage response = await Api.SendAsync(method, path, json).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync().ConfigureAwait(false)}");
        }
    }

    /// <summary>The JSON that a POST answers.</summary>
    public async Task<JsonNode> AnswerAsync(string path, string json)
    {
        using HttpResponseMessage response = await Api.PostAsync(path, json).ConfigureAwait(false);
        string text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new HttpRequestException($"POST {path}: {(int)response.StatusCode} {text}");
    }

    /// <summary>Whether a GET answers 200; 404 is false.</summary>
    public async Task<bool> ExistsAsync(string path)
    {
        using HttpResponseMessage response = await Api.GetAsync(path).ConfigureAwait(false);
        return response.StatusCode == System.Net.HttpStatusCode.OK || (response.StatusCode == System.Net.HttpStatusCode.NotFound
            ? false
            : throw new HttpRequestException($"{path}: {(int)response.StatusCode}"));
    }

    /// <summary>A container's State.Status.</summary>
    public async Task<string> StatusAsync(string container) => (string)(await Api.JsonAsync($"/containers/{container}/json").ConfigureAwait(false))["State"]!["Status"]!;

    /// <summary>SIGKILL, as a crash.</summary>
    public Task KillAsync() => EndAsync("-KILL");

    /// <summary>SIGTERM: a clean stop. Containers run on.</summary>
    public Task StopAsync() => EndAsync("-TERM");

    /// <summary>Waits for a daemon that kills itself.</summary>
    public async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        await _process!.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
    }

    /// <summary>What a reboot leaves: no process, no mount, no link, an empty run root.</summary>
    public async Task RebootAsync()
    {
        if (IsRunning)
        {
            await KillAsync().ConfigureAwait(false);
        }

        await CgroupSweep.RunAsync(_name, Folder).ConfigureAwait(false);
        foreach (string link in await LinksAsync().ConfigureAwait(false))
        {
            await Host.RunAsync("ip", "link", "delete", link).ConfigureAwait(false);
        }

        await Host.RunAsync("nft", "flush", "ruleset").ConfigureAwait(false);
        Directory.Delete(RunRoot, recursive: true);
    }

    /// <summary>The output of a docker command that must succeed, by the newest client there is.</summary>
    public async Task<string> TextAsync(params string[] arguments)
    {
        DockerClient client = DockerClient.V28 ?? DockerClient.V20 ?? throw new InvalidOperationException("no docker client is installed");
        return (await client.RunAsync(this, arguments).ConfigureAwait(false)).Text;
    }

    public async Task LoadBusyboxAsync()
    {
        using var content = new StreamContent(await BusyboxArchive.OpenAsync().ConfigureAwait(false));
        content.Headers.ContentType = new("application/x-tar");
        string answer = await Api.UploadAsync("/images/load", content).ConfigureAwait(false);
        if (!answer.Contains("busybox", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"busybox was not loaded: {answer}\n{Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync().ConfigureAwait(false);
        }

        await CgroupSweep.RunAsync(_name, Folder).ConfigureAwait(false);
        await Host.DisposeAsync().ConfigureAwait(false);
        Api.Dispose();
        _process?.Dispose();
        if (Environment.GetEnvironmentVariable("BERTH_KEEP") is null && Directory.Exists(Folder))
        {
            _ = (await Run.Async("rm", "-rf", "--one-file-system", Folder).ConfigureAwait(false)).Text; // also names that are not UTF-8
        }
    }

    /// <summary>The command line that starts it, to be run in its network namespace.</summary>
    public IEnumerable<string> Command() =>
    [
        Programs.Berthd, "--data-root", DataRoot, "--run-root", RunRoot, "--socket", Socket, "--bridge", "berth0", "--cgroup-parent", CgroupParent,
        "--runtime", Programs.Runtime, "--built-in-image", "/nonexistent", "--log-level", "debug", .. Options,
    ];

    private string Session() => LoginUid is { } uid ? string.Create(CultureInfo.InvariantCulture, $"echo {uid} >/proc/self/loginuid || exit 1; ") : "";

    private async Task EndAsync(string signal)
    {
        await Run.Async("kill", signal, Pid.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        await WaitForExitAsync().ConfigureAwait(false);
    }

    private async Task<IEnumerable<string>> LinksAsync()
    {
        string list = (await Host.RunAsync("ip", "-o", "link").ConfigureAwait(false)).Text;
        return list.Split('\n').Select(static l => l.Split(':', '@')[1].Trim()).Where(static l => l != "lo");
    }
}
