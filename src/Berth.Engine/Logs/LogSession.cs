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
                Open();
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
        Open();
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

    private void Open()
    {
        IReadOnlyList<string> files = LogFiles.OldestFirst(path);
        (int file, long offset) = files.Count > 0 && options.Tail is { } tail and >= 0 ? LogFiles.Tail(files, tail) : (0, 0);
        _reader = files.Count > 0 ? LogFileReader.TryOpen(files[file], offset) : null;
    }

    /// <summary>Writes all that is there now. False: the client is gone, or nothing later is wanted.</summary>
    private async Task<bool> DrainAsync(PipeWriter output, CancellationToken cancel)
    {
        _reader ??= LogFileReader.TryOpen(path, 0);
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
        while (true)
        {
            string? current = _reader!.CurrentPath();
            string? next = current is null ? LogFiles.OldestFirst(path).FirstOrDefault() : LogFiles.Next(path, current);
            LogFileReader? opened = next is null ? null : LogFileReader.TryOpen(next, 0);
            if (opened is null)
            {
                return false;
            }

            if (_reader.CurrentPath() != current)
            {
                opened.Dispose(); // rotated once more in between
                continue;
            }

            // A rotated file gets no more lines, but some may have come between the look at its end and its rotation.
            if (_reader.HasMore())
            {
                opened.Dispose();
                return true;
            }

            _reader.Dispose();
            _reader = opened;
            return true;
        }
    }
}
