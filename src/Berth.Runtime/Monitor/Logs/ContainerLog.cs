using System.Text;

using Berth.Linux.Memory;
using Berth.Linux.Time;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// A container's output as JSON lines: split into lines, escaped into one batch, written by one call a batch, rotated by size.
/// When the disk is full the container goes on: lines that could not be written are counted, and the first write that works again is preceded
/// by a line on stderr that says how many are missing.
/// </summary>
internal sealed class ContainerLog : IDisposable
{
    private const int LongestLine = (LogStream.MaxPart * LogLineEncoder.MaxGrowth) + LogLineEncoder.Overhead;

    private readonly LogFile _file;
    private readonly LogTimestamp _timestamp = new();
    private readonly byte[] _time = new byte[LogTimestamp.MaxLength];
    private readonly PageBuffer _batch = new(256 * 1024);
    private readonly Func<long> _clock;
    private int _length;
    private int _lines;
    private long _lost;
    private long _lastTime;

    public ContainerLog(LogFile file, Func<long>? nanoseconds = null)
    {
        _file = file;
        _clock = nanoseconds ?? (static () => RealClock.Nanoseconds);
    }

    public LogStream Output { get; } = new("stdout"u8.ToArray());

    public LogStream Error { get; } = new("stderr"u8.ToArray());

    /// <summary>Logs what one read brought. When this returns the whole lines of it are in the file (or counted as lost).</summary>
    public void Write(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        long now = Now();
        while (!bytes.IsEmpty)
        {
            int room = LogStream.MaxPart - stream.Kept;
            int newline = bytes[..Math.Min(room, bytes.Length)].IndexOf((byte)'\n');
            if (newline < 0 && bytes.Length < room)
            {
                stream.Keep(bytes);
                break;
            }

            int length = newline >= 0 ? newline : room;
            ReadOnlySpan<byte> text = bytes[..length];
            bytes = bytes[(newline >= 0 ? newline + 1 : room)..];
            if (stream.Kept > 0)
            {
                stream.Keep(text); // a character may lie across both reads
                text = stream.Rest;
            }

            // Lines of one read get times one nanosecond apart, so that a reader can go on behind one of them.
            Add(stream, text, newline >= 0, now++);
            stream.Forget();
        }

        _lastTime = now;
        Flush();
    }

    /// <summary>Logs the end of a stream that had no newline, as a part without one.</summary>
    public void End(LogStream stream)
    {
        if (stream.Kept > 0)
        {
            Add(stream, stream.Rest, complete: false, Now());
            stream.Forget();
            Flush();
        }

        stream.Release();
    }

    /// <summary>Gives back the memory that a burst of output took.</summary>
    public void Release()
    {
        _batch.Release();
        Output.Release();
        Error.Release();
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
        _batch.Dispose();
        _file.Dispose();
    }

    private long Now()
    {
        long now = _clock();
        return now <= _lastTime && _lastTime - now < 1_000_000 ? _lastTime : now; // a clock that was set back is believed
    }

    private void Add(LogStream stream, ReadOnlySpan<byte> text, bool complete, long now)
    {
        if (_batch.Size - _length < LongestLine)
        {
            Flush();
        }

        long time = stream.PartTime != 0 ? stream.PartTime : now;
        stream.PartTime = complete ? 0 : time;
        int timeLength = _timestamp.Write(time, _time);
        int line = LogLineEncoder.Encode(text, complete, stream.Name, _time.AsSpan(0, timeLength), _batch.Bytes[_length..]);
        if (_file.WouldOverflow(_length + line) && _file.Length + _length > 0)
        {
            RotateBefore(line);
        }

        _length += line;
        _lines++;
    }

    /// <summary>Writes what is in the batch, rotates, and moves the line that follows it to the batch's start.</summary>
    private void RotateBefore(int line)
    {
        int start = _length;
        Flush();
        _file.Rotate();
        _batch.Bytes.Slice(start, line).CopyTo(_batch.Bytes);
    }

    private void Flush()
    {
        if (_length == 0)
        {
            return;
        }

        if (!(_lost == 0 || NoteLoss()) || !_file.TryAppend(_batch.Bytes[.._length]))
        {
            _lost += _lines;
        }

        _length = 0;
        _lines = 0;
    }

    private bool NoteLoss()
    {
        string text = $"berth: {_lost} log lines are missing here: the log file could not be written (is the disk full?)";
        byte[] note = new byte[(text.Length * LogLineEncoder.MaxGrowth) + LogLineEncoder.Overhead];
        int timeLength = _timestamp.Write(_clock(), _time);
        int length = LogLineEncoder.Encode(Encoding.UTF8.GetBytes(text), complete: true, Error.Name, _time.AsSpan(0, timeLength), note);
        if (!_file.TryAppend(note.AsSpan(0, length)))
        {
            return false;
        }

        _lost = 0;
        return true;
    }
}
