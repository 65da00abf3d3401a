using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;
using Berth.Linux.Sockets;
using Berth.Oci.Monitor;
using Berth.Runtime.Monitor.Control;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>
/// One attached client: stdin from it, output to it. It may half-close and go on reading; when it is gone altogether, what it sent before is still delivered.
/// </summary>
internal sealed class AttachStream : LoopSource
{
    private readonly FileDescriptor _connection;
    private readonly Outbound _outbound;
    private readonly ProcessStreams _streams;
    private readonly PageBuffer _scratch;
    private readonly bool _output;
    private readonly bool _error;
    private bool _input;
    private bool _outputClosed;

    /// <param name="connection">Owned from now on; non-blocking.</param>
    /// <param name="outbound">Its way out, where a reply may still be under way.</param>
    /// <param name="wants">Which streams.</param>
    /// <param name="streams">The process's.</param>
    /// <param name="scratch">Borrowed within one call.</param>
    public AttachStream(FileDescriptor connection, Outbound outbound, MonitorAttachment wants, ProcessStreams streams, PageBuffer scratch)
    {
        _connection = connection;
        _outbound = outbound;
        _streams = streams;
        _scratch = scratch;
        _input = wants.Stdin;
        _output = wants.Stdout;
        _error = wants.Stderr;
    }

    // A client that is gone reports its hangup again and again: it is asked only when its stdin can be read.
    public override int Descriptor => _outbound.IsGone && !Reads ? -1 : _connection.Number;

    public override PollEvents Wanted =>
        (Reads ? PollEvents.Readable : PollEvents.None) | (_outbound.IsBlocked ? PollEvents.Writable : PollEvents.None);

    public override bool OutlivesStop => !Ended;

    private bool Reads => _input && _streams.InputAccepts;

    public bool HoldsBack(StreamKind kind) => _outbound.IsBlocked && Takes(kind);

    public void Deliver(StreamKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_outputClosed || !Takes(kind))
        {
            return;
        }

        if (_streams.IsTerminal)
        {
            _outbound.Write(bytes);
        }
        else
        {
            Span<byte> header = stackalloc byte[StreamFrame.HeaderLength];
            StreamFrame.WriteHeader(header, kind, bytes.Length);
            _outbound.Write(header, bytes);
        }

        if (_outbound.IsGone)
        {
            OutputGone();
        }
    }

    /// <summary>The process's stdin was closed: nothing of this client's is wanted any more.</summary>
    public void InputClosed() => EndWhenDone();

    /// <summary>Ends the output once there is none left to come and all of it was taken.</summary>
    public void OutputsChanged()
    {
        bool more = (_output && _streams.IsOpen(StreamKind.Output)) || (_error && _streams.IsOpen(StreamKind.Error));
        bool stdinOnly = !_output && !_error && !_streams.Finished;
        if (more || stdinOnly || _outbound.IsBlocked || Ended)
        {
            return;
        }

        if (!_outputClosed)
        {
            _outputClosed = true;
            _ = UnixSocket.ShutdownWrite(_connection);
        }

        EndWhenDone();
    }

    public override void Ready(PollEvents events)
    {
        if ((events & PollEvents.Writable) != 0)
        {
            _outbound.Flush();
            if (_outbound.IsGone)
            {
                OutputGone();
            }
            else
            {
                OutputsChanged();
            }
        }

        if ((events & (PollEvents.Readable | PollEvents.HungUp)) != 0 && Reads)
        {
            Read();
        }

        if ((events & (PollEvents.HungUp | PollEvents.Error | PollEvents.Invalid)) != 0 && !Ended)
        {
            OutputGone();
        }
    }

    public override void Release() => _outbound.Release();

    public override void Close()
    {
        _streams.Detached(this);
        _outbound.Dispose();

        ConnectionEnd.Close(_connection, _scratch);
    }

    private bool Takes(StreamKind kind) => kind == StreamKind.Output ? _output : _error;

    private void Read()
    {
        int n = NonBlocking.Read(_connection, _scratch.Bytes);
        if (n > 0)
        {
            _streams.WriteInput(_scratch.Bytes[..n]);
        }
        else if (n != -Errno.EAGAIN)
        {
            EndInput();
            EndWhenDone();
        }
    }

    private void EndInput()
    {
        if (_input)
        {
            _input = false;
            _streams.InputEnded();
        }
    }

    private void OutputGone()
    {
        _outbound.GiveUp();
        _outputClosed = true;
        EndWhenDone();
    }

    private void EndWhenDone()
    {
        bool readsOn = _input && !_streams.Finished && _streams.InputOpen;
        if (_outputClosed && !readsOn)
        {
            EndInput();
            Ended = true;
        }
    }
}
