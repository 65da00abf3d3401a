using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Berth.Engine.Streams;

/// <summary>Pumps between a client and a container's (or exec's) stream socket. The bytes are in the client's form already.</summary>
internal static class SocketStream
{
    private const int Piece = 64 * 1024;

    /// <summary>Runs until the output ended, the client is gone, or the detach keys were typed: then true.</summary>
    /// <param name="socket">The monitor's stream.</param>
    /// <param name="input">From the client; null: it sends nothing that is wanted.</param>
    /// <param name="output">To the client.</param>
    /// <param name="detachKeys">Looked for in the input; null: not at all.</param>
    /// <param name="cancel">The client is gone.</param>
    public static async Task<bool> PumpAsync(Socket socket, PipeReader? input, PipeWriter output, byte[]? detachKeys, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<bool> writing = input is null ? Task.FromResult(false) : InputAsync(socket, input, detachKeys is null ? null : new DetachScanner(detachKeys), stop.Token);
        Task reading = OutputAsync(socket, output, stop.Token);
        Task first = await Task.WhenAny(reading, DetachedAsync(writing));
        bool detached = first != reading;
        await stop.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return detached;
    }

    // Ends only where the keys were typed: the mere end of the input ends nothing.
    private static async Task DetachedAsync(Task<bool> writing)
    {
        bool detached = await writing;
        if (!detached)
        {
            await Task.Delay(Timeout.Infinite);
        }
    }

    private static async Task OutputAsync(Socket socket, PipeWriter output, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                int read = await socket.ReceiveAsync(output.GetMemory(Piece), cancel);
                if (read == 0)
                {
                    return;
                }

                output.Advance(read);
                FlushResult flushed = await output.FlushAsync(cancel);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return; // the client is gone
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException)
        {
            // The monitor or the client is gone: either way there is nothing more to pump.
        }
    }

    private static async Task<bool> InputAsync(Socket socket, PipeReader input, DetachScanner? scanner, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(cancel);
                bool detached = await PassOnAsync(socket, result.Buffer, scanner, cancel);
                input.AdvanceTo(result.Buffer.End);
                if (detached)
                {
                    return true;
                }

                if (result.IsCompleted || result.IsCanceled)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return false;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static async Task<bool> PassOnAsync(Socket socket, ReadOnlySequence<byte> bytes, DetachScanner? scanner, CancellationToken cancel)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes)
        {
            if (scanner is null)
            {
                await SendAsync(socket, piece, cancel);
                continue;
            }

            var passed = new List<byte>(piece.Length);
            bool detached = scanner.Scan(piece.Span, passed);
            await SendAsync(socket, passed.ToArray(), cancel);
            if (detached)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancel)..];
        }
    }
}
