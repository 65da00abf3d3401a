using System.Text.Json;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Namespaces;
using Berth.Linux.Polling;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;
using Berth.Oci.Runtime;

using Process = Berth.Oci.Runtime.Process;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>A published monitor with a container of its own, and the daemon's ends of its sockets. Disposing kills both and checks that nothing is left.</summary>
internal sealed class TestMonitor : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _cgroup;
    private readonly FileDescriptor _process;
    private TestConnection? _report;
    private MonitorState? _state;

    private TestMonitor(BusyboxRoot root, MonitorSetup setup)
    {
        _cgroup = $"{BusyboxRoot.CgroupParent}/{Path.GetFileName(_folder.Path)}";
        ExitPath = setup.ExitPath ?? _folder["exit.json"];
        File.WriteAllBytes(_folder["config.json"], JsonSerializer.SerializeToUtf8Bytes(Spec(root, setup), RuntimeJson.Default.RuntimeSpec));
        File.WriteAllBytes(_folder["monitor.json"], JsonSerializer.SerializeToUtf8Bytes(Request(setup), MonitorJson.Default.MonitorRequest));
        (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.Pair();
        (FileDescriptor Ours, FileDescriptor Theirs)? attached = setup.Attach is null ? null : UnixSocket.Pair();
        using FileDescriptor nothing = FileDescriptor.Open("/dev/null", Libc.O_RDWR);
        string program = Program();
        string? script = setup.ByWayOfShell ? $"{program} monitor {_folder.Path} & wait"
            : setup.Before is { } before ? $"{before}; exec {program} monitor {_folder.Path}"
            : null;
        var request = new SpawnRequest
        {
            Program = script is null ? program : "/bin/sh",
            Arguments = script is null ? ["berth-runtime", "monitor", _folder.Path] : ["sh", "-c", script],
            Descriptors = [nothing, nothing, nothing, theirs, null, null, .. attached is { } a ? [a.Theirs] : Array.Empty<FileDescriptor?>(), .. setup.Sockets],
        };
        MonitorPid = setup.HostNamespace is { } host ? NetworkNamespace.Run(host, () => Spawn.Start(request)) : Spawn.Start(request);
        setup.Sockets.ToList().ForEach(s => s.Dispose());
        _process = PidFd.Open(MonitorPid);
        theirs.Dispose();
        attached?.Theirs.Dispose();
        _report = new TestConnection(ours);
        Attached = attached is { } pair ? new TestConnection(pair.Ours) : null;
    }

    public int MonitorPid { get; }

    /// <summary>The attach stream that existed before the start.</summary>
    public TestConnection? Attached { get; }

    public string LogPath => _folder["log"];

    public string ExitPath { get; }

    public string this[string name] => _folder[name];

    public TestConnection Report => _report ?? throw new InvalidOperationException("the daemon is dead");

    public static TestMonitor Start(BusyboxRoot root, MonitorSetup setup)
    {
        TestMonitor monitor = Launch(root, setup);
        MonitorEvent? first = monitor.Report.ReadFrame(MonitorJson.Default.MonitorEvent);
        Assert.True(first?.Started is not null, first?.Failed?.Message ?? "the monitor ended");
        monitor._state = first!.Started;
        return monitor;
    }

    /// <summary>Starts without waiting for the report.</summary>
    public static TestMonitor Launch(BusyboxRoot root, MonitorSetup setup) => new(root, setup);

    public MonitorState State => _state!;

    public MonitorEvent? Next() => Report.ReadFrame(MonitorJson.Default.MonitorEvent);

    /// <summary>Waits for the container's end, whatever else is reported before.</summary>
    public ContainerExit Exited()
    {
        MonitorEvent? next;
        do
        {
            next = Next();
            Assert.NotNull(next);
        }
        while (next.Exited is null);

        return next.Exited;
    }

    /// <summary>What a killed daemon does: nothing more, with all its sockets closed.</summary>
    public void KillDaemon()
    {
        _report?.Dispose();
        _report = null;
        Attached?.Dispose();
    }

    public TestConnection Connect() => TestConnection.To(_folder["monitor.sock"]);

    public (MonitorReply Reply, TestConnection Connection) Call(MonitorCall call)
    {
        TestConnection connection = Connect();
        connection.SendFrame(call, MonitorJson.Default.MonitorCall);
        return (connection.ReadFrame(MonitorJson.Default.MonitorReply)!, connection);
    }

    /// <summary>Changes the published ports. Our copies of the sockets are closed.</summary>
    public MonitorReply Change(MonitorPorts ports, params FileDescriptor[] sockets)
    {
        using TestConnection connection = Connect();
        connection.SendFrame(new MonitorCall { Ports = ports }, MonitorJson.Default.MonitorCall, sockets);
        Array.ForEach(sockets, s => s.Dispose());
        return connection.ReadFrame(MonitorJson.Default.MonitorReply)!;
    }

    public TestConnection Attach(MonitorAttachment streams)
    {
        (MonitorReply reply, TestConnection connection) = Call(new MonitorCall { Attach = streams });
        Assert.Null(reply.Failed);
        return connection;
    }

    public MonitorReply Do(MonitorCall call)
    {
        (MonitorReply reply, TestConnection connection) = Call(call);
        connection.Dispose();
        return reply;
    }

    public void Signal(int signal) => Assert.Null(Do(new MonitorCall { Signal = new MonitorSignal { Signal = signal } }).Failed);

    /// <summary>Waits for the monitor's own end: its exit status.</summary>
    public int WaitForEnd()
    {
        Assert.True(Poll.Wait([new PollItem { Number = _process.Number, Wanted = PollEvents.Readable }], 60_000) > 0, "the monitor does not end");
        return PidFd.TryReap(_process) ?? throw new InvalidOperationException("it did not end");
    }

    public void Dispose()
    {
        KillDaemon();
        if (Poll.Wait([new PollItem { Number = _process.Number, Wanted = PollEvents.Readable }], 0) == 0)
        {
            TryKill(_state?.Pid);
            if (Poll.Wait([new PollItem { Number = _process.Number, Wanted = PollEvents.Readable }], 10_000) == 0)
            {
                TryKill(MonitorPid);
            }
        }

        try
        {
            CheckNothingIsLeft();
        }
        finally
        {
            _process.Dispose();
            _folder.Dispose();
        }
    }

    private static void TryKill(int? pid)
    {
        try
        {
            if (pid is { } number)
            {
                using FileDescriptor process = PidFd.Open(number);
                PidFd.Signal(process, Libc.SIGKILL);
            }
        }
        catch (Linux.LinuxException)
        {
            // Gone already.
        }
    }

    private void CheckNothingIsLeft()
    {
        Assert.False(_state is not null && Path.Exists($"/proc/{_state.Pid}/ns") && File.ReadAllText($"/proc/{_state.Pid}/stat").Contains(") S", StringComparison.Ordinal), "the container runs on");
        Assert.False(File.Exists(_folder["monitor.sock"]), "monitor.sock is left");
        Assert.False(File.Exists(_folder["state.json"]), "state.json is left");
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), h => Directory.Exists(h + _cgroup));
        Assert.DoesNotContain(_folder.Path, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    private static string Program() =>
        Path.Combine(Environment.GetEnvironmentVariable("BERTH_BIN") ?? Path.Combine(Checkout(AppContext.BaseDirectory), "artifacts/bin"), "berth-runtime");

    private static string Checkout(string folder) => File.Exists(Path.Combine(folder, "Berth.slnx")) ? folder : Checkout(Path.GetDirectoryName(folder)!);

    private MonitorRequest Request(MonitorSetup setup) => new()
    {
        Id = new string('a', 64),
        Socket = _folder["monitor.sock"],
        StatePath = _folder["state.json"],
        ExitPath = ExitPath,
        ExecFolder = _folder["exec"],
        LogPath = setup.Log ? LogPath : null,
        OpenStdin = setup.OpenStdin,
        StdinOnce = setup.StdinOnce,
        Attachments = setup.Attach is null ? [] : [setup.Attach with { Descriptor = 6 }],
        Ports = setup.Ports,
        MonitorCgroup = BusyboxRoot.CgroupParent + "-monitors",
        Durable = false,
    };

    private RuntimeSpec Spec(BusyboxRoot root, MonitorSetup setup) => new()
    {
        OciVersion = "1.2.0",
        Hostname = "box",
        Root = new Root { Path = root.Path, Readonly = true },
        Process = Program(setup.Args) with { Terminal = setup.Terminal, User = new User { Uid = setup.User, Gid = setup.User } },
        Mounts =
        [
            new Mount { Destination = "/proc", Type = "proc", Source = "proc" },
            new Mount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "mode=755"] },
            new Mount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            new Mount { Destination = "/tmp", Type = "tmpfs", Source = "tmpfs", Options = ["mode=1777"] },
        ],
        Linux = new LinuxSpec
        {
            CgroupsPath = _cgroup,
            Namespaces = [.. new[] { "pid", "mount", "ipc", "uts", "network", "cgroup" }.Where(n => n != "pid" || setup.OwnPids).Select(n => new Namespace { Type = n })],
            Resources = new Resources
            {
                Memory = setup.MemoryLimit is { } limit ? new MemoryResources { Limit = limit } : null,
                Devices = [new DeviceRule { Allow = false, Access = "rwm" }, new DeviceRule { Allow = true, Type = "c", Access = "rwm" }],
            },
        },
    };

    /// <summary>A program in the container, for execs as well.</summary>
    public static Process Program(params string[] args)
    {
        string[] capabilities = ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID"];
        return new Process
        {
            Args = args,
            Env = ["PATH=/bin"],
            Cwd = "/",
            User = new User(),
            Capabilities = new CapabilitySets { Bounding = capabilities, Effective = capabilities, Permitted = capabilities },
        };
    }
}
