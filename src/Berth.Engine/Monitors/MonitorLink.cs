using System.Net.Sockets;

using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Network;
using Berth.Oci.Monitor;
using Berth.Storage;

namespace Berth.Engine.Monitors;

/// <summary>
/// The daemon's side of one container's monitor: a watch that lasts, and calls on connections of their own. A monitor ends with its container, also
/// between two words of a call: every call then fails with Conflict, as for a container that has not run for long.
/// </summary>
/// <param name="container">Its container's id, for messages.</param>
/// <param name="watch">Where events come from. Owned.</param>
/// <param name="socketPath">Where it listens.</param>
internal sealed class MonitorLink(string container, Socket watch, string socketPath) : IDisposable
{
    /// <summary>Takes over a running monitor.</summary>
    /// <exception cref="EngineException">Conflict: nobody listens: it is gone.</exception>
    public static async Task<MonitorLink> AdoptAsync(string container, string socketPath, CancellationToken cancel)
    {
        (Socket socket, _) = await CallAsync(container, socketPath, new MonitorCall { Watch = new MonitorWatch() }, cancel);
        return new MonitorLink(container, socket, socketPath);
    }

    /// <summary>The next event; null when the monitor has ended.</summary>
    public async Task<MonitorEvent?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await MonitorFrames.ReadAsync(watch, MonitorJson.Default.MonitorEvent, cancel);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or InvalidDataException)
        {
            return null; // died in the middle of a word
        }
    }

    /// <summary>Sends a signal to the first process, or to an exec's.</summary>
    public Task SignalAsync(int signal, string? exec, CancellationToken cancel) =>
        DoAsync(new MonitorCall { Signal = new MonitorSignal { Signal = signal, Exec = exec } }, cancel);

    public Task ResizeAsync(int rows, int columns, string? exec, CancellationToken cancel) =>
        DoAsync(new MonitorCall { Resize = new MonitorResize { Rows = (ushort)rows, Columns = (ushort)columns, Exec = exec } }, cancel);

    /// <summary>The connection becomes the stream.</summary>
    public async Task<Socket> AttachAsync(MonitorAttachment streams, CancellationToken cancel)
    {
        (Socket socket, MonitorReply reply) = await CallAsync(container, socketPath, new MonitorCall { Attach = streams }, cancel);
        return reply.Failed is { } failed ? throw Failure(socket, failed) : socket;
    }

    /// <summary>Starts an exec; with an attachment the connection becomes its stream. The reply tells of a failed start.</summary>
    public Task<(Socket Socket, MonitorReply Reply)> ExecAsync(MonitorExec exec, CancellationToken cancel) =>
        CallAsync(container, socketPath, new MonitorCall { Exec = exec }, cancel);

    /// <summary>
    /// Changes the published ports of the running container: first what is removed, then what is added. More than one message can carry is sent as several
    /// calls, the removals with the first; each is done whole or not at all, and none after one that failed.
    /// </summary>
    /// <param name="add">Those with a socket are new; those without are held already and get another mode and target.</param>
    /// <param name="remove">TCP connections through them go on until they end.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="EngineException">The monitor refused, or is gone.</exception>
    public async Task ChangePortsAsync(IReadOnlyList<ReservedPort> add, IReadOnlyList<MonitorPortKey> remove, CancellationToken cancel)
    {
        IReadOnlyList<MonitorPortKey> removed = remove;
        foreach (ReservedPort[] part in add.Count == 0 ? [[]] : add.Chunk(MonitorPorts.MostDescriptors))
        {
            var call = new MonitorCall { Ports = new MonitorPorts { Add = [.. part.Select(p => p.Port)], Remove = removed } };
            await DoAsync(call, cancel, [.. part.Select(p => p.Socket).OfType<FileDescriptor>()]);
            removed = [];
        }
    }

    public void Dispose() => watch.Dispose();

    private async Task DoAsync(MonitorCall call, CancellationToken cancel, IReadOnlyList<FileDescriptor>? descriptors = null)
    {
        (Socket socket, MonitorReply reply) = await CallAsync(container, socketPath, call, cancel, descriptors);
        if (reply.Failed is { } failed)
        {
            throw Failure(socket, failed);
        }

        socket.Dispose();
    }

    private static EngineException Failure(Socket socket, MonitorFailure failed)
    {
        socket.Dispose();
        return failed.Errno == Errno.ESRCH ? EngineException.Conflict(failed.Message) : EngineException.Internal(failed.Message);
    }

    private static async Task<(Socket Socket, MonitorReply Reply)> CallAsync(
        string container, string path, MonitorCall call, CancellationToken cancel, IReadOnlyList<FileDescriptor>? descriptors = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await ConnectAsync(socket, path, cancel);
            await MonitorFrames.WriteAsync(socket, call, MonitorJson.Default.MonitorCall, descriptors ?? [], cancel);
            return (socket, await MonitorFrames.ReadAsync(socket, MonitorJson.Default.MonitorReply, cancel) ?? throw new SocketException((int)SocketError.ConnectionReset));
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (MeansGone(e))
            {
                throw new EngineException(EngineErrorKind.Conflict, $"container {container} is not running: it has just ended", e);
            }

            if (e is InvalidDataException)
            {
                throw EngineException.Internal($"the monitor of container {container} was not understood: {e.Message}", e);
            }

            throw;
        }
    }

    // No file, nobody behind it, a connection that breaks (unix(7), connect(2), send(2)), an end in the middle of a frame: so a process that ends looks
    // from here. What says something about this process (too many descriptors, no memory) says nothing about the monitor.
    private static bool MeansGone(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable } => false,
        SocketException or EndOfStreamException => true,
        LinuxException { Errno: Errno.ENOENT or Errno.EPIPE or Errno.ECONNRESET } => true,
        _ => false,
    };

    private static async Task ConnectAsync(Socket socket, string path, CancellationToken cancel)
    {
        const int LongestPath = 107; // sun_path, unix(7)
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= LongestPath)
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return;
        }

        // A run root deep in the tree: the same socket by a short path.
        using FileDescriptor folder = FileDescriptor.Open(Path.GetDirectoryName(path)!, Libc.O_PATH | Libc.O_DIRECTORY);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/proc/self/fd/{folder.Number}/{Path.GetFileName(path)}"), cancel);
    }
}
