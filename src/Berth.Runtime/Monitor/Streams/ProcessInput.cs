using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Runtime.Monitor.Loop;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>
/// The stdin of a process: a pipe's writing end, or the master of its terminal. While the process does not read, no attach stream is read either.
/// </summary>
internal sealed class ProcessInput : LoopSource
{
    private readonly FileDescriptor _target;
    private readonly Outbound _outbound;
    private readonly ProcessStreams _streams;
    private bool _closing;

    /// <param name="target">Owned from now on.</param>
    /// <param name="streams">Told when the process reads no more.</param>
    public ProcessInput(FileDescriptor target, ProcessStreams streams)
    {
        _streams = streams;
        NonBlocking.Set(target);
        _target = target;
        _outbound = new Outbound(target);
    }

    public bool IsOpen => !Ended && !_closing;

    /// <summary>Whether an attach stream may be read for it now.</summary>
    public bool Accepts => IsOpen && !_outbound.IsBlocked;

    public override int Descriptor => _outbound.IsBlocked ? _target.Number : -1;

    public override PollEvents Wanted => PollEvents.Writable;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _outbound.Write(bytes);
        EndIfDone();
    }

    /// <summary>The process reads the end of file, once it has read all that came before.</summary>
    public void CloseWhenRead()
    {
        if (IsOpen)
        {
            _closing = true;
            EndIfDone();
            _streams.InputClosed();
        }
    }

    public override void Ready(PollEvents events)
    {
        _outbound.Flush();
        EndIfDone();
    }

    public void End() => Ended = true;

    public override void Release() => _outbound.Release();

    public override void Close()
    {
        _outbound.Dispose();
        _target.Dispose();
    }

    private void EndIfDone()
    {
        if (Ended || !(_outbound.IsGone || (_closing && !_outbound.IsBlocked)))
        {
            return;
        }

        Ended = true;
        if (!_closing)
        {
            _streams.InputClosed();
        }
    }
}
