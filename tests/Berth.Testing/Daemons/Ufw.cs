using Berth.Testing.Processes;

namespace Berth.Testing.Daemons;

/// <summary>Debian's ufw in a test daemon's host: that network namespace's rules, and settings of its own, so that this machine is not touched.</summary>
public sealed class Ufw : IAsyncDisposable
{
    private readonly NetworkNamespace _host;
    private readonly string _folder;

    private Ufw(TestDaemon daemon)
    {
        (_host, _folder) = (daemon.Host, $"/tmp/{daemon.Host.Name}-ufw");
        Directory.CreateDirectory(_folder);
    }

    public static bool IsInstalled => File.Exists("/usr/sbin/ufw");

    /// <summary>Not enabled yet.</summary>
    public static async Task<Ufw> PrepareAsync(TestDaemon daemon)
    {
        var ufw = new Ufw(daemon);
        _ = (await Run.Async("cp", "-a", "/etc/ufw", $"{ufw._folder}/etc").ConfigureAwait(false)).Text;
        _ = (await Run.Async("cp", "-a", "/etc/default/ufw", $"{ufw._folder}/default").ConfigureAwait(false)).Text;
        return ufw;
    }

    /// <summary>A command of it that must succeed.</summary>
    public async Task<string> TextAsync(params string[] arguments) => (await _host.RunAsync(
    [
        "unshare", "--mount", "--propagation", "private", "sh", "-c",
        $"mount --bind {_folder}/etc /etc/ufw && mount --bind {_folder}/default /etc/default/ufw && mount -t tmpfs tmpfs /run && exec ufw \"$@\"", "sh", .. arguments,
    ]).ConfigureAwait(false)).Text;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
