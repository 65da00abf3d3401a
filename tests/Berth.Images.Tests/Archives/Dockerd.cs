using System.Diagnostics;

using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>A real dockerd with a data root of its own, no network, and nothing else of the machine touched. One for all tests that need it.</summary>
public sealed class Dockerd : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-dockerd-").FullName;
    private Process? _daemon;

    public string Folder => _folder;

    /// <summary>Runs Debian's docker client against it.</summary>
    public string Docker(string arguments) => TestShell.Run($"/usr/bin/docker --host unix://{_folder}/docker.sock {arguments}");

    public async ValueTask InitializeAsync()
    {
        _daemon = Process.Start(new ProcessStartInfo("/bin/bash", ["-c",
            $"exec dockerd --data-root {_folder}/data --exec-root {_folder}/exec --pidfile {_folder}/pid --host unix://{_folder}/docker.sock "
                + $"--bridge none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false >{_folder}/log 2>&1"]));
        DateTime deadline = DateTime.UtcNow.AddSeconds(90);
        while (true)
        {
            try
            {
                Docker("version");
                return;
            }
            catch (Exception) when (DateTime.UtcNow < deadline && !_daemon!.HasExited)
            {
                await Task.Delay(100); // its socket gives no other sign of being ready
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is { HasExited: false })
        {
            // SIGTERM lets it end its containerd and its mounts.
            TestShell.Run($"kill {_daemon.Id}");
            await _daemon.WaitForExitAsync();
        }

        TestShell.Run($"findmnt -rno TARGET | {{ grep '^{_folder}' || true; }} | sort -r | xargs -r umount; rm -rf {_folder}");
    }
}
