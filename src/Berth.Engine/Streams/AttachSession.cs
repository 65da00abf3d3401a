using System.IO.Pipelines;
using System.Net.Sockets;

using Berth.Engine.Logs;

namespace Berth.Engine.Streams;

/// <summary>One client attached to a container: the log first where it asked for that, then the stream.</summary>
/// <param name="socket">The stream; null: only the log is wanted.</param>
/// <param name="raw">The container has a terminal.</param>
/// <param name="stdin">The client's input is wanted.</param>
/// <param name="detachKeys">Looked for in a terminal's input; null: not.</param>
/// <param name="log">The log so far; null: not wanted.</param>
/// <param name="detached">Told when the keys were typed.</param>
/// <param name="unused">Takes a stream out again whose container was never started.</param>
internal sealed class AttachSession(Socket? socket, bool raw, bool stdin, byte[]? detachKeys, LogSession? log, Action detached, Action? unused) : StreamSession
{
    public override bool Raw => raw;

    public override async Task RunAsync(PipeReader? input, PipeWriter output, CancellationToken cancel)
    {
        if (log is not null)
        {
            await log.RunAsync(null, output, cancel);
        }

        if (socket is not null && await SocketStream.PumpAsync(socket, stdin ? input : null, output, detachKeys, cancel))
        {
            detached();
        }
    }

    public override ValueTask DisposeAsync()
    {
        unused?.Invoke();
        socket?.Dispose();
        return base.DisposeAsync();
    }
}
