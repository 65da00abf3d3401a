using System.Diagnostics;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Netlink;
using Berth.Storage;
using Berth.Storage.Database;
using Berth.Storage.Failpoints;

namespace Berth.Network.Tests;

/// <summary>A network namespace that plays the host, with a data root of its own. Daemons come and go on it.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-network-").FullName;
    private readonly DataRoot _root;

    public TestHost()
    {
        Namespace = NetworkNamespace.Create();
        Routes = NetworkNamespace.Run(Namespace, () => NetlinkSocket.Open(Libc.NETLINK_ROUTE));
        Routes.Execute(new NetlinkBatch().SetUp("lo").AcknowledgeLast());
        _root = new DataRoot(Path.Join(_folder, "data"), Path.Join(_folder, "run"));
        _root.Create();
        Database = BerthDatabase.Open(_root, Durable.None());
    }

    public FileDescriptor Namespace { get; }

    /// <summary>For looking at the host's links; one test thread at a time.</summary>
    public NetlinkSocket Routes { get; }

    public BerthDatabase Database { get; }

    /// <summary>Of a kernel that has no tables with owners, so that a test can harm ours.</summary>
    public NetworkOptions Options => new() { BridgeName = "berth0", HostNamespace = Namespace, Log = Write, OwnsFirewall = false };

    /// <summary>What daemons said; locked while it is written to.</summary>
    public List<string> Log { get; } = [];

    public Task<NetworkService> StartAsync(Func<NetworkOptions, NetworkOptions>? change = null) =>
        NetworkService.StartAsync(change is null ? Options : change(Options), Database, CancellationToken.None);

    /// <summary>Rows that endpoints refer to.</summary>
    public Task AddContainersAsync(params string[] ids) => Database.WriteAsync(
        transaction =>
        {
            foreach (string id in ids)
            {
                transaction.Execute(
                    "INSERT INTO containers (id, name, phase, document, state, created) VALUES ($id, $id, 'created', '{}', '{}', 0)", ("$id", id));
            }
        },
        CancellationToken.None);

    /// <summary>Names of the bridge's ports.</summary>
    public string[] Ports() => [.. Routes.Links().Where(l => l.Kind == "veth").Select(l => l.Name)];

    /// <summary>Waits, looking again when the kernel had time to change something.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"still not: {what}");
            await Task.Delay(5);
        }
    }

    /// <summary>Runs a program in the host's namespace and returns what it printed.</summary>
    public string RunProgram(params string[] command) => RunProgramIn(Namespace, command);

    public static string RunProgramIn(FileDescriptor space, params string[] command)
    {
        var start = new ProcessStartInfo("nsenter") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add($"--net=/proc/{Environment.ProcessId}/fd/{space.Number}");
        foreach (string argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {error.Result}");
        return output;
    }

    private void Write(string line)
    {
        lock (Log)
        {
            Log.Add(line);
        }
    }

    public void Dispose()
    {
        Database.Dispose();
        Routes.Dispose();
        Namespace.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
