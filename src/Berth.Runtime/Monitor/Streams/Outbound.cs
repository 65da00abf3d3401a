using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Memory;
using Berth.Linux.Polling;

namespace Berth.Runtime.Monitor.Streams;

/// <summary>
/// Bytes towards one descriptor. What it does not take at once is kept until it does; whoever feeds it stops while <see cref="IsBlocked"/>,
/// so no more than one read's worth is ever kept, but for the rest of the output of a program that has ended.
/// </summary>
internal sealed class Outbound(FileDescriptor target) : IDisposable
{
    private PageBuffer? _kept;
    private int _start;
    private int _end;

    /// <summary>The other side cannot take bytes any more.</summary>
    public bool IsGone { get; private set; }

    public int Kept => _end - _start;

    public bool IsBlocked => _end > _start && !IsGone;

    public void Write(ReadOnlySpan<byte> bytes) => Write(default, bytes);

    /// <summary>Writes a header and its body; both or, when the other side is gone, none of it matters.</summary>
    public void Write(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        if (IsGone)
        {
            return;
        }

        int written = 0;
        if (!IsBlocked)
        {
            written = header.IsEmpty ? NonBlocking.Write(target, body) : NonBlocking.Write(target, header, body);
            if (!Check(ref written))
            {
                return;
            }
        }

        if (written < header.Length)
        {
            Keep(header[written..], body);
        }
        else if (written - header.Length < body.Length)
        {
            Keep(body[(written - header.Length)..], default);
        }
    }

    /// <summary>Writes what was kept, as far as it goes.</summary>
    public void Flush()
    {
        while (IsBlocked)
        {
            int written = NonBlocking.Write(target, _kept!.Bytes[_start.._end]);
            if (!Check(ref written) || written == 0)
            {
                return;
            }

            _start += written;
        }

        _start = _end = 0; // the pages stay until Release: a slow reader would have them mapped anew for every piece
    }

    /// <summary>Gives the memory back when nothing is kept.</summary>
    public void Release()
    {
        if (!IsBlocked)
        {
            Forget();
        }
    }

    /// <summary>The other side is gone: nothing is kept for it.</summary>
    public void GiveUp()
    {
        IsGone = true;
        Forget();
    }

    public void Dispose() => Forget();

    private bool Check(ref int written)
    {
        if (written == -Errno.EAGAIN)
        {
            written = 0;
        }
        else if (written < 0)
        {
            GiveUp();
            return false;
        }

        return true;
    }

    private void Keep(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int more = first.Length + second.Length;
        if (_kept is null || _kept.Size - _end < more)
        {
            var larger = new PageBuffer(Math.Max(64 * 1024, (Kept + more + 4095) & ~4095));
            if (_kept is not null)
            {
                _kept.Bytes[_start.._end].CopyTo(larger.Bytes);
                _kept.Dispose();
            }

            (_kept, _end, _start) = (larger, Kept, 0);
        }

        first.CopyTo(_kept.Bytes[_end..]);
        second.CopyTo(_kept.Bytes[(_end + first.Length)..]);
        _end += more;
    }

    private void Forget()
    {
        _kept?.Dispose();
        _kept = null;
        _start = _end = 0;
    }
}
