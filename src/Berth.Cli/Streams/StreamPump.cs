using System.Buffers;

using Berth.Cli.Http;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Polling;

namespace Berth.Cli.Streams;

/// <summary>
/// Carries a container's streams between a hijacked connection and our own, on one thread with one poll. The connection is never written
/// to blockingly: a container that neither reads nor is read must not stop its own output.
/// </summary>
internal sealed class StreamPump
{
    private readonly Hijacked streams;
    private readonly PumpOptions options;
    private readonly FrameReader frames;
    private readonly DetachKeys? keys;
    private readonly ArrayBufferWriter<byte> toSend = new();
    private readonly byte[] buffer = new byte[64 * 1024];
    private int sent;
    private bool inputOpen;

    public StreamPump(Session session, Hijacked streams, PumpOptions options)
    {
        this.streams = streams;
        this.options = options;
        frames = new FrameReader(
            options.Output ? bytes => Show(session.Out, bytes) : null,
            options.Error ? bytes => Show(options.Tty ? session.Out : session.Err, bytes) : null);
        keys = options.Tty && options.Input ? new DetachKeys(options.DetachKeys) : null;
        inputOpen = options.Input;
    }

    private bool Sending => sent < toSend.WrittenCount;

    /// <summary>Runs until the container's output ends, or, where no output is wanted, until our input ends.</summary>
    public PumpEnd Run()
    {
        if (streams.HasBuffered && !Receive())
        {
            return PumpEnd.Closed;
        }

        Span<PollItem> items = new PollItem[2];
        while (true)
        {
            items[0] = new PollItem { Number = streams.Number, Wanted = PollEvents.Readable | (Sending ? PollEvents.Writable : PollEvents.None) };
            items[1] = new PollItem { Number = inputOpen && !Sending ? StandardStream.Input.Number : -1, Wanted = PollEvents.Readable };
            Poll.Wait(items);
            if ((items[0].Found & PollEvents.Writable) != 0)
            {
                Send();
            }

            if ((items[0].Found & ~PollEvents.Writable) != 0 && !Receive())
            {
                return PumpEnd.Closed;
            }

            if (items[1].Found != PollEvents.None && ReadInput())
            {
                return PumpEnd.Detached;
            }

            if (!inputOpen && !Sending && !options.Output && !options.Error)
            {
                return PumpEnd.InputEnded;
            }
        }
    }

    private static void Show(Output output, ReadOnlySpan<byte> bytes)
    {
        output.Bytes(bytes);
        output.Flush();
    }

    // False: the end.
    private bool Receive()
    {
        int got = streams.Read(buffer);
        if (options.Tty)
        {
            options.OnTerminal(buffer.AsSpan(0, got));
        }
        else
        {
            frames.Take(buffer.AsSpan(0, got));
        }

        return got > 0;
    }

    // True: the user typed the keys that leave.
    private bool ReadInput()
    {
        int got = StandardStream.Input.Read(buffer.AsSpan(0, 32 * 1024));
        toSend.ResetWrittenCount();
        sent = 0;
        bool detach = false;
        if (got == 0)
        {
            inputOpen = false;
            streams.EndInput();
        }
        else if (keys is null)
        {
            toSend.Write(buffer.AsSpan(0, got));
        }
        else
        {
            detach = keys.Watch(buffer.AsSpan(0, got), key => toSend.Write([key]));
        }

        Send();
        return detach;
    }

    private void Send()
    {
        try
        {
            while (Sending)
            {
                int count = streams.TryWrite(toSend.WrittenSpan[sent..]);
                if (count == 0)
                {
                    return;
                }

                sent += count;
            }
        }
        catch (LinuxException)
        {
            // Nobody reads our input any more; the output may still have something to say.
            sent = toSend.WrittenCount;
            inputOpen = false;
        }
    }
}
