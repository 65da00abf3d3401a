using System.Diagnostics;
using System.Globalization;
using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>
/// Debian's firewalld in a test daemon's host: it has that network namespace, a D-Bus of its own where the daemon looks for one, and its settings, /run
/// and logs in a mount namespace, so that this machine is not touched.
/// </summary>
public sealed class Firewalld : IAsyncDisposable
{
    private const string Program = "/usr/sbin/firewalld";

    private readonly NetworkNamespace _host;
    private readonly string _folder, _bus;
    private Process? _busProcess, _process;

    private Firewalld(TestDaemon daemon)
    {
        (_host, _bus, _folder) = (daemon.Host, daemon.SystemBus, $"/tmp/{daemon.Host.Name}-firewalld");
        Directory.CreateDirectory(_folder);
    }

    public static bool IsInstalled => File.Exists(Program) && File.Exists("/usr/bin/dbus-daemon");

    /// <summary>Starts its bus, and itself where that is wanted already.</summary>
    /// <param name="daemon">Whose host it guards.</param>
    /// <param name="launch">False: <see cref="LaunchAsync"/> comes later.</param>
    public static async Task<Firewalld> StartAsync(TestDaemon daemon, bool launch = true)
    {
        var firewalld = new Firewalld(daemon);
        try
        {
            _ = (await Run.Async("cp", "-a", "/etc/firewalld", firewalld._folder).ConfigureAwait(false)).Text;
            await firewalld.StartBusAsync().ConfigureAwait(false);
            if (launch)
            {
                await firewalld.LaunchAsync().ConfigureAwait(false);
            }

            return firewalld;
        }
        catch
        {
            await firewalld.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the program; its rules stand when this is done.</summary>
    public async Task LaunchAsync()
    {
        string mounts = $"mount --bind {_folder}/firewalld /etc/firewalld && mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/log";
        _process?.Dispose();
        _process = Run.Start(
            "nsenter",
            [$"--net={_host.Path}", "unshare", "--mount", "--propagation", "private", "sh", "-c", $"{mounts} && exec \"$@\" </dev/null >>{_folder}/log 2>&1", "sh", Program, "--nofork", "--nopid"],
            Environment());
        await Until.TrueAsync(
            async () => (await CommandAsync("--state").ConfigureAwait(false)).ExitCode == 0 || (_process.HasExited ? throw new InvalidOperationException($"firewalld did not come up:\n{Log()}") : false),
            "firewalld runs").ConfigureAwait(false);
    }

    /// <summary>firewall-cmd.</summary>
    public Task<ProcessResult> CommandAsync(params string[] arguments) => Run.Async("firewall-cmd", arguments, null, Environment());

    /// <summary>SIGTERM: it takes its rules away.</summary>
    public async Task StopAsync()
    {
        await EndAsync(_process).ConfigureAwait(false);
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_process).ConfigureAwait(false);
        await EndAsync(_busProcess).ConfigureAwait(false);
        File.Delete(_bus);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartBusAsync()
    {
        await File.WriteAllTextAsync($"{_folder}/bus.conf", $"""
            <busconfig><type>system</type><listen>unix:path={_bus}</listen><auth>EXTERNAL</auth>
            <policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
            <allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
            <allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/></policy></busconfig>
            """).ConfigureAwait(false);
        _busProcess = Run.Start("dbus-daemon", [$"--config-file={_folder}/bus.conf", "--nofork", "--nopidfile", "--print-address=1"]);
        if (await _busProcess.StandardOutput.ReadLineAsync().ConfigureAwait(false) is null)
        {
            throw new InvalidOperationException($"dbus-daemon did not come up: {await _busProcess.StandardError.ReadToEndAsync().ConfigureAwait(false)}");
        }
    }

    private Dictionary<string, string> Environment() => new() { ["DBUS_SYSTEM_BUS_ADDRESS"] = $"unix:path={_bus}" };

    private string Log() => File.Exists($"{_folder}/log") ? File.ReadAllText($"{_folder}/log") : "";

    private static async Task EndAsync(Process? process)
    {
        if (process is { HasExited: false })
        {
            await Run.Async("kill", process.Id.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            await process.WaitForExitAsync().ConfigureAwait(false);
        }

        process?.Dispose();
    }
}
