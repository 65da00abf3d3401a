using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

using Berth.Engine.Streams;
using Berth.Storage;

namespace Berth.Engine.Exec;

/// <summary>
/// One client with an exec's streams. The exec starts when the session runs, after the response's head: as in Docker, what the start fails
/// with comes on the stream, and the exit code by inspect.
/// </summary>
internal sealed class ExecSession(bool terminal, bool stdin, byte[]? detachKeys, Func<Task<Socket>> start, ExecEntry exec, Action detached) : StreamSession
{
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(1);

    public override bool Raw => terminal;

    public override async Task RunAsync(PipeReader? input, PipeWriter output, CancellationToken cancel)
    {
        Socket socket;
        try
        {
            socket = await start();
        }
        catch (EngineException e)
        {
            await output.WriteAsync(Message(e.Message + "\r\n"), cancel);
            return;
        }

        using (socket)
        {
            if (await SocketStream.PumpAsync(socket, stdin ? input : null, output, detachKeys, cancel))
            {
                detached();
                return;
            }
        }

        // The client asks for the exit code once it has read the end. The monitor tells it before it closes the stream, on another socket;
        // one that only closed its streams and goes on is not waited for.
        await exec.Ended.WaitAsync(LongestLag, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private byte[] Message(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (terminal)
        {
            return bytes;
        }

        byte[] frame = new byte[8 + bytes.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), bytes.Length);
        bytes.CopyTo(frame, 8);
        return frame;
    }
}
