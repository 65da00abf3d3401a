using System.Diagnostics;
using System.Globalization;

using Berth.Bench.Network;

namespace Berth.Bench;

/// <summary>A daemon under measurement, on folders and a socket of its own; stopped by its pid.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Func<Process> serve;
    private readonly string folder;
    private Process process;

    private Engine(string name, string folder, string client, Func<Process> serve)
    {
        Name = name;
        this.folder = folder;
        Client = client;
        this.serve = serve;
        process = serve();
    }

    public string Name { get; }

    /// <summary>The client that belongs to it.</summary>
    public string Client { get; }

    public string Host => $"unix://{folder}/engine.sock";

    public string DataRoot => $"{folder}/data";

    public int Pid => process.Id;

    /// <summary>Debian's daemon.</summary>
    /// <param name="root">Where its folder is made.</param>
    /// <param name="space">The network namespace that is its host, by name; null: the bench's own.</param>
    public static Engine Docker(string root, string? space = null)
    {
        string folder = Folder(root, "docker");
        return new Engine("dockerd", folder, "docker", () => Serve(
            $"{folder}/log", space, "/usr/sbin/dockerd", "--data-root", $"{folder}/data", "--exec-root", $"{folder}/run", "--pidfile", $"{folder}/pid",
            "--host", $"unix://{folder}/engine.sock", "--bip", "172.29.0.1/16")).Ready();
    }

    /// <summary>Our daemon.</summary>
    /// <param name="root">Where its folder is made.</param>
    /// <param name="programs">The folder with berth, berthd and berth-runtime.</param>
    /// <param name="trace">The file to which it and its monitors note their steps; null for none.</param>
    /// <param name="space">The network namespace that is its host, by name; null: the bench's own.</param>
    public static Engine Berth(string root, string programs, string? trace = null, string? space = null)
    {
        string folder = Folder(root, "berth");
        Environment.SetEnvironmentVariable("BERTH_TRACE", trace); // handed on to all that is started from here
        return new Engine("berthd", folder, $"{programs}/berth", () => Serve(
            $"{folder}/log", space, $"{programs}/berthd", "--data-root", $"{folder}/data", "--run-root", $"{folder}/run", "--socket", $"{folder}/engine.sock",
            "--bridge", "berthbench0", "--cgroup-parent", "/berth-bench", "--runtime", $"{programs}/berth-runtime")).Ready();
    }

    public void Load(string image) => Command.Output("docker", "-H", Host, "load", "-q", "-i", image);

    public string[] With(params string[] arguments) => ["-H", Host, .. arguments];

    /// <summary>Resident kilobytes of the daemon with its children that serve all containers (containerd), not those that serve one.</summary>
    public long ResidentKilobytes()
    {
        long sum = Resident(Pid);
        foreach (int child in Children(Pid))
        {
            if (File.ReadAllText($"/proc/{child}/comm").Trim() == "containerd")
            {
                sum += Resident(child);
            }
        }

        return sum;
    }

    /// <summary>Bytes on disk of its data folder.</summary>
    public long DiskBytes() => long.Parse(Command.Output("du", "-s", "-B1", "--one-file-system", DataRoot).Split('\t')[0], CultureInfo.InvariantCulture);

    /// <summary>Ends the daemon as a crash does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts it once more on the same folders.</summary>
    public void Restart()
    {
        process.Dispose();
        process = serve();
        Ready();
    }

    public void RemoveAll()
    {
        string ids = Command.Output("docker", With("ps", "-aq"));
        foreach (string[] some in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(50))
        {
            Command.Output("docker", With(["rm", "-f", .. some]));
        }
    }

    public void Dispose()
    {
        try
        {
            RemoveAll();
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine($"{Name}: {e.Message}");
        }

        if (!process.HasExited)
        {
            using Process? _ = Process.Start("/bin/kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)]);
            process.WaitForExit(20_000);
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Engine Ready()
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            using Process probe = Process.Start(new ProcessStartInfo("docker", ["-H", Host, "version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            probe.WaitForExit();
            if (probe.ExitCode == 0)
            {
                return this;
            }

            if (process.HasExited || limit.Elapsed > TimeSpan.FromSeconds(40))
            {
                throw new InvalidOperationException($"{Name} did not come up:\n{File.ReadAllText($"{folder}/log")}");
            }
        }
    }

    // nsenter and sh execute the daemon in their place: the process is the daemon.
    private static Process Serve(string log, string? space, params string[] command)
    {
        string[] whole = space is null ? command : NetworkHost.Inside(space, command);
        return Command.Serve(log, whole[0], whole[1..]);
    }

    private static string Folder(string root, string name) => Directory.CreateDirectory($"{root}/{name}").FullName;

    private static long Resident(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^2].Trim(), CultureInfo.InvariantCulture);

    private static IEnumerable<int> Children(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.GetDirectories($"/proc/{pid}/task").Where(t => !t.EndsWith($"/{pid}", StringComparison.Ordinal)).SelectMany(t => File.ReadAllText($"{t}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Select(s => int.Parse(s, CultureInfo.InvariantCulture));
}
