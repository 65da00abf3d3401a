using Berth.Linux.Files;
using Berth.Linux.Pty;
using Berth.Runtime.Monitor.Logs;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>The streams of one process, the container's first or an exec's: its pipes or terminal on one side, log and attach streams on the other.</summary>
internal sealed class ProcessStreams(MonitorLoop loop, ContainerLog? log)
{
    private readonly List<AttachStream> _attached = [];
    private ProcessInput? _input;
    private ProcessOutput? _output;
    private ProcessOutput? _error;
    private FileDescriptor? _terminal;
    private FileDescriptor? _slave;
    private bool _exited;

    public bool IsTerminal => _terminal is not null;

    /// <summary>The end of one attached stdin is the end of the process's. Never so for a terminal.</summary>
    public bool InputEndsWithAttach { get; init; }

    /// <summary>
    /// Attach streams end no sooner than the process: whoever reads their end finds its exit code. The outputs' end is often seen first, since
    /// a process closes them before it can be reaped.
    /// </summary>
    public bool EndsWithProcess { get; init; }

    /// <summary>Whether bytes from attached clients can still reach the process.</summary>
    public bool InputOpen => _input is { IsOpen: true };

    /// <summary>Whether they can do so right now.</summary>
    public bool InputAccepts => _input is { Accepts: true };

    /// <summary>Whether the process is over for those attached: what they have not read yet is all that they get.</summary>
    public bool Finished { get; private set; }

    /// <summary>Takes over the monitor's ends; null where the process has /dev/null.</summary>
    public void Open(StdioPipes pipes)
    {
        _input = pipes.TakeInput() is { } input ? Add(new ProcessInput(input, this)) : null;
        _output = pipes.TakeOutput() is { } output ? Add(new ProcessOutput(output, StreamKind.Output, this, loop.Scratch)) : null;
        _error = pipes.TakeError() is { } error ? Add(new ProcessOutput(error, StreamKind.Error, this, loop.Scratch)) : null;
    }

    /// <summary>Takes over the terminal's master.</summary>
    /// <param name="master">Owned from now on.</param>
    /// <param name="withInput">Without it nothing typed reaches the process.</param>
    /// <param name="holdOpen">
    /// A program may close its terminal and open it again later (an init does so with /dev/console); the master reads EIO in between and would be taken
    /// for ended. With the slave held here that comes only after the process.
    /// </param>
    public void Open(FileDescriptor master, bool withInput, bool holdOpen)
    {
        _terminal = master;
        _slave = holdOpen ? PseudoTerminal.OpenPeer(master) : null;
        _input = withInput ? Add(new ProcessInput(master.Duplicate(), this)) : null;
        _output = Add(new ProcessOutput(master.Duplicate(), StreamKind.Output, this, loop.Scratch));
    }

    /// <summary>Resizes the terminal; false where there is none.</summary>
    public bool Resize(ushort rows, ushort columns)
    {
        if (_terminal is null)
        {
            return false;
        }

        PseudoTerminal.Resize(_terminal, rows, columns);
        return true;
    }

    public void Attach(AttachStream stream)
    {
        _attached.Add(stream);
        loop.Add(stream);
        stream.OutputsChanged();
    }

    public void Detached(AttachStream stream) => _attached.Remove(stream);

    /// <summary>Whether attached clients may still get something from it.</summary>
    public bool IsOpen(StreamKind kind) =>
        !Finished && ((EndsWithProcess && !_exited) || (kind == StreamKind.Output ? _output : _error) is { Ended: false });

    public bool IsHeldBack(StreamKind kind)
    {
        for (int i = 0; i < _attached.Count; i++)
        {
            if (_attached[i].HoldsBack(kind))
            {
                return !Finished;
            }
        }

        return false;
    }

    /// <summary>First the log, then whoever is attached: a byte that was seen is a byte that was kept.</summary>
    public void Deliver(StreamKind kind, ReadOnlySpan<byte> bytes)
    {
        log?.Write(kind == StreamKind.Error ? log.Error : log.Output, bytes);
        if (Finished)
        {
            return;
        }

        for (int i = 0; i < _attached.Count; i++)
        {
            _attached[i].Deliver(kind, bytes);
        }
    }

    public void OutputEnded(StreamKind kind)
    {
        log?.End(kind == StreamKind.Error ? log.Error : log.Output);
        TellAttached();
        if (_exited)
        {
            FinishIfSilent();
        }
    }

    public void WriteInput(ReadOnlySpan<byte> bytes) => _input?.Write(bytes);

    /// <summary>An attached stdin ended, by half-close or because its client is gone.</summary>
    public void InputEnded()
    {
        if (InputEndsWithAttach && !IsTerminal)
        {
            _input?.CloseWhenRead();
        }
    }

    /// <summary>The process does not read its stdin any more, or has read the end of it.</summary>
    public void InputClosed()
    {
        for (int i = 0; i < _attached.Count; i++)
        {
            _attached[i].InputClosed();
        }
    }

    /// <summary>The process has ended: reads all output that is there. What its descendants still write is read on until all outputs end.</summary>
    public void Exited()
    {
        _exited = true;
        _slave?.Dispose();
        _ = _output?.Drain();
        _ = _error?.Drain();
        FinishIfSilent();
    }

    /// <summary>The process is over: attach streams end once they have delivered what they were given. Outputs that others still hold are read on, for nobody.</summary>
    public void Finish()
    {
        if (!Finished)
        {
            Finished = true;
            _input?.End();
            TellAttached();
        }
    }

    /// <summary>Closes the outputs too: nobody is left who could write.</summary>
    public void Close()
    {
        Finish();
        _output?.End();
        _error?.End();
        _slave?.Dispose();
        _terminal?.Dispose();
    }

    private void FinishIfSilent()
    {
        if (!IsOpen(StreamKind.Output) && !IsOpen(StreamKind.Error))
        {
            Finish();
            _terminal?.Dispose();
        }
    }

    private void TellAttached()
    {
        for (int i = _attached.Count - 1; i >= 0; i--)
        {
            _attached[i].OutputsChanged();
        }
    }

    private T Add<T>(T source)
        where T : LoopSource
    {
        loop.Add(source);
        return source;
    }
}
