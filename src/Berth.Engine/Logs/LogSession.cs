using System.IO.Pipelines;

using Berth.Engine.Streams;
using Berth.Linux.Notify;

namespace Berth.Engine.Logs;

/// <summary>Reads a container's log for one client: what is there, and with follow what comes until the container ends.</summary>
/// <param name="path">The file that is being written.</param>
/// <param name="options">What is wanted.</param>
/// <param name="raw">The container has a terminal.</param>
/// <param name="watcher">Tells of new bytes.</param>
/// <param name="end">Ends when the container has; null: it does not run, so there is nothing to follow.</param>
internal sealed class LogSession(string path, LogOptions options, bool raw, FolderWatcher watcher, Func<CancellationToken, Task>? end) : StreamSession
{
    // Flushed so often at the latest: a client sees progress, and a slow one holds the reading up.
    private const int BytesPerFlush = 128 * 1024;

    private readonly LogWriter _writer = new(options, raw);
    private LogFileReader? _reader;

    public override bool Raw => raw;

    public override async Task RunAsync(PipeReader? input, PipeWriter output, CancellationToken cancel)
    {
        try
        {
            if (options.Follow && end is not null)
            {
                await FollowAsync(output, end, cancel);
            }
            else
            {
                Open(options.Tail);
                await DrainAsync(output, cancel);
            }
        }
        finally
        {
            _reader?.Dispose();
        }
    }

    private async Task FollowAsync(PipeWriter output, Func<CancellationToken, Task> end, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.Until is { } until)
        {
            TimeSpan left = until - DateTimeOffset.UtcNow;
            stop.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        // Watching begins before reading, so that nothing falls between the two.
        using var changed = new SemaphoreSlim(0);
        using IDisposable watch = watcher.Add(Path.GetDirectoryName(path)!, () => changed.Release());
        Task ended = end(stop.Token);
        Open(options.Tail);
        try
        {
            while (true)
            {
                bool last = ended.IsCompleted; // the log is complete before the end is reported, so one more pass gets all of it
                if (!await DrainAsync(output, stop.Token) || last)
                {
                    return;
                }

                Task change = changed.WaitAsync(stop.Token);
                await Task.WhenAny(change, ended);
                while (changed.Wait(0, CancellationToken.None))
                {
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // until has come
            await DrainAsync(output, cancel);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private void Open(int? tail)
    {
        List<LogFileReader> files = LogFiles.OpenAll(path);
        (int first, long offset) = tail is { } lines ? LogFiles.Tail(files, lines) : (0, 0);
        for (int i = 0; i < files.Count; i++)
        {
            if (i == first)
            {
                _reader = files[i];
                _reader.SkipTo(offset);
            }
            else
            {
                files[i].Dispose(); // those after the first are found again from it, wherever they lie by then
            }
        }
    }

    /// <summary>Writes all that is there now. False: the client is gone, or nothing later is wanted.</summary>
    private async Task<bool> DrainAsync(PipeWriter output, CancellationToken cancel)
    {
        if (_reader is null)
        {
            Open(tail: null); // nothing was there before, so all that comes is wanted
        }

        while (_reader is not null)
        {
            (bool wanted, bool more) = WritePiece(output);
            FlushResult flushed = await output.FlushAsync(cancel);
            if (!wanted || flushed.IsCompleted || flushed.IsCanceled)
            {
                return false;
            }

            if (!more && !Advance())
            {
                return true;
            }
        }

        return true;
    }

    private (bool Wanted, bool More) WritePiece(PipeWriter output)
    {
        while (output.UnflushedBytes < BytesPerFlush)
        {
            if (!_reader!.TryRead(out ReadOnlySpan<byte> line))
            {
                return (true, false);
            }

            if (!_writer.Write(line, output))
            {
                return (false, false);
            }
        }

        return (true, true);
    }

    // At the end of a file that was rotated away: on to the one after it. True: there is more to read.
    private bool Advance()
    {
        LogFileReader? next = LogFiles.OpenNext(path, _reader!);
        if (next is null)
        {
            return false;
        }

        // A rotated file gets no more lines, but some may have come between the look at its end and its rotation.
        if (_reader!.HasMore())
        {
            next.Dispose();
            return true;
        }

        _reader.Dispose();
        _reader = next;
        return true;
    }
}
