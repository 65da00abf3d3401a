using System.Net.Sockets;

using Berth.Engine.Monitors;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Tests.Monitors;

/// <summary>A monitor that ended just before, or in the middle of a call: a conflict, as for a container that does not run.</summary>
public sealed class MonitorGoneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-monitor-").FullName;
    private readonly Socket _watch = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public static TheoryData<string> Calls => ["signal", "resize", "attach", "exec", "ports"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task WhoseSocketIsNotThereAnyMore(string call) => await IsConflictAsync(call);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task WhoseSocketNobodyListensAt(string call)
    {
        using (Listen())
        {
            File.Move(SocketPath, SocketPath + ".moved"); // .NET removes what it bound by its name
        }

        File.Move(SocketPath + ".moved", SocketPath);
        Assert.True(File.Exists(SocketPath));
        await IsConflictAsync(call);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task WhoEndsBeforeTheReply(string call)
    {
        using Socket listener = Listen();
        Task end = EndAsync(listener, []);
        await IsConflictAsync(call);
        await end;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task WhoEndsInsideTheReply(string call)
    {
        using Socket listener = Listen();
        Task end = EndAsync(listener, [9, 0, 0, 0, (byte)'{']);
        await IsConflictAsync(call);
        await end;
    }

    [Fact]
    public async Task WhoseFolderIsGoneToo()
    {
        string deep = Path.Join(_folder, new string('d', 120)); // longer than sun_path: reached by its folder
        await IsConflictAsync("resize", Path.Join(deep, "monitor.sock"));
    }

    [Fact]
    public async Task WhoTalksNonsenseIsNotGone()
    {
        using Socket listener = Listen();
        Task end = EndAsync(listener, [2, 0, 0, 0, (byte)'?', (byte)'?']);
        using var link = new MonitorLink("c1", _watch, SocketPath);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => link.ResizeAsync(1, 2, null, TestContext.Current.CancellationToken));
        Assert.Equal(EngineErrorKind.Internal, e.Kind);
        Assert.Contains("container c1", e.Message, StringComparison.Ordinal);
        await end;
    }

    [Fact]
    public async Task NobodyAdoptsOne()
    {
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => MonitorLink.AdoptAsync("c1", SocketPath, TestContext.Current.CancellationToken));
        Assert.Equal(EngineErrorKind.Conflict, e.Kind);
    }

    public void Dispose()
    {
        _watch.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string SocketPath => Path.Join(_folder, "monitor.sock");

    private async Task IsConflictAsync(string call, string? path = null)
    {
        using var link = new MonitorLink("c1", _watch, path ?? SocketPath);
        EngineException e = await Assert.ThrowsAsync<EngineException>(() => CallAsync(link, call));
        Assert.Equal(EngineErrorKind.Conflict, e.Kind);
        Assert.Contains("container c1 is not running", e.Message, StringComparison.Ordinal);
    }

    private static Task CallAsync(MonitorLink link, string call)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        return call switch
        {
            "signal" => link.SignalAsync(9, null, cancel),
            "resize" => link.ResizeAsync(24, 80, "e1", cancel),
            "attach" => link.AttachAsync(new MonitorAttachment(), cancel),
            "exec" => link.ExecAsync(new MonitorExec { Id = "e1", Process = new Oci.Runtime.Process { Cwd = "/" } }, cancel),
            _ => PortsAsync(link, cancel),
        };
    }

    private static async Task PortsAsync(MonitorLink link, CancellationToken cancel)
    {
        using FileDescriptor socket = FileDescriptor.Open("/dev/null", Libc.O_RDONLY);
        await link.ChangePortsAsync([new ReservedPort(new MonitorPort { Protocol = "tcp", HostAddress = "0.0.0.0", HostPort = 1 }, socket)], [], cancel);
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        return listener;
    }

    private static async Task EndAsync(Socket listener, byte[] words)
    {
        using Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, await accepted.ReceiveAsync(new byte[1 << 16], TestContext.Current.CancellationToken));
        if (words.Length > 0)
        {
            Assert.Equal(words.Length, await accepted.SendAsync(words, TestContext.Current.CancellationToken));
        }
    }
}
