using System.Collections.Concurrent;

namespace Berth.Images.Compression;

/// <summary>Reads a stream on a thread of its own, a few buffers ahead, so that inflating and using the bytes take two cores.</summary>
internal sealed class ReadAheadStream : Stream
{
    private const int Buffers = 16;
    private const int BufferLength = 1 << 16;

    private readonly BlockingCollection<(byte[] Bytes, int Count)> _full = new(Buffers);
    private readonly BlockingCollection<byte[]> _free = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private byte[]? _current;
    private int _position;
    private int _count;
    private bool _ended;

    public ReadAheadStream(Stream source)
    {
        Source = source;
        for (int i = 0; i < Buffers; i++)
        {
            _free.Add(GC.AllocateUninitializedArray<byte>(BufferLength));
        }

        _reading = Task.Factory.StartNew(ReadAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Owned by this stream; to be used by others only once the end was read.</summary>
    public Stream Source { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (_position == _count)
        {
            if (_current is not null)
            {
                _free.Add(_current);
                _current = null;
            }

            if (_ended || !_full.TryTake(out (byte[] Bytes, int Count) next, Timeout.Infinite))
            {
                _ended = true;
                _reading.GetAwaiter().GetResult(); // throws what reading threw
                return 0;
            }

            (_current, _count, _position) = (next.Bytes, next.Count, 0);
        }

        int count = Math.Min(buffer.Length, _count - _position);
        _current.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Stops the reader, waits for it, and closes the source.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Source.DisposeAsync();
        _full.Dispose();
        _free.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private void ReadAll()
    {
        try
        {
            while (true)
            {
                byte[] buffer = _free.Take(_stop.Token);
                int count = Source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (count == 0)
                {
                    return;
                }

                _full.Add((buffer, count), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody reads any more.
        }
        finally
        {
            _full.CompleteAdding();
        }
    }
}
