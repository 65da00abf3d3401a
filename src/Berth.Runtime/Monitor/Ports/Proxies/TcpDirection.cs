using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Sockets;

namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>One direction of a connection: bytes spliced from one socket to the other through a pipe that it has only while they are under way.</summary>
internal sealed class TcpDirection(PipePool pipes, FileDescriptor from, FileDescriptor to) : IDisposable
{
    private const int MostRounds = 16;

    private SplicePipe? _pipe;
    private bool _ended;
    private bool _failed;

    /// <summary>There may be something to read, until that was tried (the edges of epoll are told once).</summary>
    public bool Readable { get; set; }

    /// <summary>There may be room to write.</summary>
    public bool Writable { get; set; } = true;

    /// <summary>All bytes and the end of them were passed on.</summary>
    public bool Done { get; private set; }

    /// <summary>Its source was reset. What it sent before can be read still, and the end of it, if that came first, looks like any end.</summary>
    public bool SourceBroken { get; set; }

    /// <summary>Its source was reset, and all that it sent before was passed on.</summary>
    public bool SourceIsGone => _failed || (SourceBroken && Over);

    /// <summary>Its destination takes no more; what is still to come is dropped.</summary>
    public bool DestinationFailed { get; private set; }

    public bool Over => Done || _failed || DestinationFailed;

    /// <summary>Moves what can be moved now.</summary>
    /// <returns>True when there may be more that this turn was too short for.</returns>
    public bool Pump()
    {
        for (int i = 0; i < MostRounds; i++)
        {
            if (Over || !PassOn() || !Take())
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => GiveBack();

    // True when the pipe is empty and may be filled.
    private bool PassOn()
    {
        while (_pipe is { Held: > 0 })
        {
            if (!Writable)
            {
                return false;
            }

            int n = _pipe.Drain(to);
            if (n == -Errno.EAGAIN)
            {
                Writable = false;
                return false;
            }

            if (n < 0)
            {
                DestinationFailed = true;
                GiveBack();
                return false;
            }
        }

        if (!_ended)
        {
            return true;
        }

        TcpSocket.EndOutput(to);
        Done = true;
        GiveBack();
        return false;
    }

    // True when something, or the end, was read.
    private bool Take()
    {
        int n = -Errno.EAGAIN;
        if (Readable)
        {
            _pipe ??= pipes.TryTake();
            n = _pipe is null ? -Errno.EMFILE : _pipe.Fill(from, pipes.Share);
        }

        _ended = n == 0;
        if (n >= 0)
        {
            return true;
        }

        Readable = false;
        _failed = n != -Errno.EAGAIN;
        GiveBack();
        return false;
    }

    private void GiveBack()
    {
        if (_pipe is not null)
        {
            pipes.Give(_pipe);
            _pipe = null;
        }
    }
}
