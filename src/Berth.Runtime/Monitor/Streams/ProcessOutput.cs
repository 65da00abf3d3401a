using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>One output of a process: a pipe's reading end, or the master of its terminal. It is not read while a reader downstream is behind.</summary>
internal sealed class ProcessOutput : LoopSource
{
    /// <summary>A drain ends after so many bytes even when a foreign writer goes on: a pipe can be made 1 MiB large, and root may go beyond.</summary>
    private const long MostToDrain = 64 * 1024 * 1024;

    private readonly FileDescriptor _source;
    private readonly ProcessStreams _streams;
    private readonly PageBuffer _scratch;

    /// <param name="source">Owned from now on.</param>
    /// <param name="kind">Output or Error.</param>
    /// <param name="streams">Where it goes.</param>
    /// <param name="scratch">Borrowed within one call.</param>
    public ProcessOutput(FileDescriptor source, StreamKind kind, ProcessStreams streams, PageBuffer scratch)
    {
        NonBlocking.Set(source);
        _source = source;
        _streams = streams;
        _scratch = scratch;
        Kind = kind;
    }

    public StreamKind Kind { get; }

    public override int Descriptor => _streams.IsHeldBack(Kind) ? -1 : _source.Number;

    public override PollEvents Wanted => PollEvents.Readable;

    public override void Ready(PollEvents events)
    {
        if (!_streams.IsHeldBack(Kind))
        {
            _ = Pump();
        }
    }

    /// <summary>Reads all that is there, whoever is behind: for a process that has ended. True when the end of file was met.</summary>
    public bool Drain()
    {
        long drained = 0;
        while (!Ended && drained < MostToDrain)
        {
            int n = Pump();
            if (n <= 0)
            {
                break;
            }

            drained += n;
        }

        return Ended;
    }

    /// <summary>Nothing more is read.</summary>
    public void End()
    {
        if (!Ended)
        {
            Ended = true;
            _streams.OutputEnded(Kind);
        }
    }

    public override void Close() => _source.Dispose();

    private int Pump()
    {
        int n = NonBlocking.Read(_source, _scratch.Bytes);
        if (n > 0)
        {
            _streams.Deliver(Kind, _scratch.Bytes[..n]);
        }
        else if (n != -Errno.EAGAIN)
        {
            End(); // end of file; EIO is a terminal's: its last slave was closed (pty(7))
        }

        return n;
    }
}
