using Berth.Oci.Digests;
using Berth.Storage.Failpoints;

namespace Berth.Storage.Content.Partials;

/// <summary>
/// What the askers of one blob share while it is fetched: its file, the ranges that are there, and whose turn it is to fetch. A byte that is there
/// never changes again, so whoever hashes or reads behind the head sees what the finished blob will hold.
/// </summary>
internal sealed class SharedPartial : IDisposable
{
    /// <summary>How many bytes may be written before they are recorded: what a kill makes to be fetched again, for each connection.</summary>
    private const long RecordEvery = 256 << 10;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly string _journalPath;
    private readonly PartialFile _file;
    private readonly PartialJournal _journal;
    private readonly ByteRanges _present;
    private readonly ByteRanges _claimed;
    private readonly List<PartialBlob> _askers = [];
    private ByteRanges _unrecorded = new();
    private TaskCompletionSource? _advanced;

    public SharedPartial(DataRoot root, Digest digest, long size, Durable durable)
    {
        (Digest, Size) = (digest, size);
        (_path, _journalPath) = (root.Partial(digest, size), root.PartialJournal(digest, size));
        _present = Kept(_path, _journalPath, size) ?? new ByteRanges();
        if (_present.Total == 0)
        {
            File.Delete(_path);
        }

        _claimed = new ByteRanges(_present.All);
        _file = new PartialFile(_path, digest, size);
        try
        {
            durable.Step("partial-file");
            _journal = PartialJournal.Create(_journalPath, size, _present, durable);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public Digest Digest { get; }

    public long Size { get; }

    public string Path => _path;

    /// <summary>Held by the asker that fetches.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Set once it is in the store.</summary>
    public BlobInfo? Published { get; set; }

    /// <summary>Its bytes were others than its digest says, or it found no room: nobody can go on with it.</summary>
    public EngineException? Broken { get; set; }

    /// <summary>Made with the first fetch.</summary>
    public PartialHash? Hash { get; set; }

    /// <summary>Set while it is being named or closed: who comes now waits for the end of that, and looks anew. Belongs to <see cref="PartialBlobs"/>.</summary>
    public TaskCompletionSource? Closing { get; set; }

    /// <summary>The bytes that are there.</summary>
    public long Received
    {
        get
        {
            lock (_gate)
            {
                return _present.Total;
            }
        }
    }

    public IReadOnlyList<ByteRange> Missing()
    {
        lock (_gate)
        {
            return _present.Gaps(new ByteRange(0, Size));
        }
    }

    public EngineException? DiskFull => _file.DiskFull;

    public void Reserve() => _file.Reserve();

    /// <summary>Writes what of it is not there yet.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var whole = new ByteRange(offset, offset + bytes.Length);
        List<ByteRange> mine;
        lock (_gate)
        {
            mine = _claimed.Gaps(whole);
            mine.ForEach(_claimed.Add);
        }

        foreach (ByteRange piece in mine)
        {
            try
            {
                _file.Write(bytes[(int)(piece.Start - offset)..(int)(piece.End - offset)], piece.Start);
            }
            catch
            {
                GiveUp(mine);
                throw;
            }

            Arrived(piece);
        }
    }

    /// <summary>Reads bytes behind the head.</summary>
    public int Read(Span<byte> bytes, long offset) => _file.Read(bytes, offset);

    /// <summary>How far it is there without a gap.</summary>
    public long Head
    {
        get
        {
            lock (_gate)
            {
                return _present.Head;
            }
        }
    }

    /// <summary>Ends when the head has passed a place, and when somebody's wait was broken off: look again then.</summary>
    public Task WaitBeyondAsync(long position)
    {
        lock (_gate)
        {
            return _present.Head > position ? Task.CompletedTask : (_advanced ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Has everybody who waits look again.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            (waiting, _advanced) = (_advanced, null);
        }

        waiting?.SetResult();
    }

    /// <summary>Records all that was written.</summary>
    public void Record()
    {
        lock (_gate)
        {
            RecordUnderLock();
        }
    }

    public void Add(PartialBlob asker)
    {
        lock (_gate)
        {
            _askers.Add(asker);
        }
    }

    /// <summary>Answers how many are left.</summary>
    public int Remove(PartialBlob asker)
    {
        lock (_gate)
        {
            _askers.Remove(asker);
            return _askers.Count;
        }
    }

    public IReadOnlyList<PartialBlob> Askers()
    {
        lock (_gate)
        {
            return [.. _askers];
        }
    }

    /// <summary>Syncs it for a later fetch to go on with, or removes it where there is nothing to go on with. Nobody uses it any more.</summary>
    public void Close()
    {
        if (_present.Total == 0)
        {
            RemoveFiles();
            return;
        }

        Record();
        _file.Sync();
        _journal.MarkSynced();
    }

    public void RemoveFiles()
    {
        File.Delete(_path);
        File.Delete(_journalPath);
    }

    public void Sync() => _file.Sync();

    public void Dispose()
    {
        _file.Dispose();
        _journal.Dispose();
        Turn.Dispose();
    }

    private static ByteRanges? Kept(string path, string journal, long size)
    {
        var file = new FileInfo(path);
        ByteRanges? ranges = file.Exists ? PartialJournal.Read(journal, size) : null;
        return ranges is { All: [.., { } last] } && last.End <= file.Length ? ranges : null;
    }

    private void Arrived(ByteRange piece)
    {
        long received;
        bool moved;
        PartialBlob[] askers;
        lock (_gate)
        {
            long head = _present.Head;
            _present.Add(piece);
            _unrecorded.Add(piece);
            if (_unrecorded.Total >= RecordEvery)
            {
                RecordUnderLock();
            }

            (received, moved, askers) = (_present.Total, _present.Head > head, [.. _askers]);
        }

        if (moved)
        {
            Wake();
        }

        foreach (PartialBlob asker in askers)
        {
            asker.Report(received);
        }
    }

    private void GiveUp(List<ByteRange> pieces)
    {
        lock (_gate)
        {
            pieces.ForEach(_claimed.Remove);
            foreach (ByteRange there in _present.All)
            {
                _claimed.Add(there);
            }
        }
    }

    private void RecordUnderLock()
    {
        if (_unrecorded.Total > 0)
        {
            _file.Record(_journal, _unrecorded.All);
            _unrecorded = new ByteRanges();
        }
    }
}
