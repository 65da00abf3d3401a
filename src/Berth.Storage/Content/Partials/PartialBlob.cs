using System.Collections.Concurrent;

using Berth.Oci.Digests;
using Berth.Storage.Leases;

namespace Berth.Storage.Content.Partials;

/// <summary>
/// One asker's hold on a blob that is fetched by its digest. Several may hold the same: one of them fetches, the others wait, and the next takes over
/// where it gives up. What arrived stays on the disk when the last has let go, and the next fetch goes on from there, after a kill too.
/// <code>
/// await using PartialBlob blob = await content.JoinAsync(digest, size, lease, progress, cancel);
/// Task&lt;BlobInfo&gt; fetched = blob.FetchAsync(async (writer, stop) => { /* for each of writer.Missing(): writer.Write(offset, bytes) */ }, cancel);
/// using Stream bytes = blob.OpenRead(cancel);   // follows behind what arrives
/// …unpack…; await fetched;                      // only now the bytes are verified
/// </code>
/// </summary>
public sealed class PartialBlob : IAsyncDisposable
{
    private readonly PartialBlobs? _all;
    private readonly SharedPartial? _partial;
    private readonly Func<Stream>? _open;
    private readonly IProgress<long>? _progress;
    private readonly CancellationTokenSource _given = new();
    private readonly ConcurrentBag<Task> _fetches = [];
    private volatile Exception? _failure;
    private volatile bool _disposed;

    /// <summary>Of a blob that is being fetched.</summary>
    internal PartialBlob(PartialBlobs all, SharedPartial partial, Lease lease, IProgress<long>? progress)
    {
        (_all, _partial, Lease, _progress) = (all, partial, lease, progress);
        Digest = partial.Digest;
        Size = partial.Size;
        Resumed = partial.Received;
    }

    /// <summary>Of a blob that is in the store.</summary>
    internal PartialBlob(BlobInfo there, Func<Stream> open)
    {
        (Stored, _open) = (there, open);
        Digest = there.Digest;
        Size = there.Size;
        Resumed = there.Size;
    }

    public Digest Digest { get; }

    public long Size { get; }

    /// <summary>Bytes that were there already when it was asked for: from an earlier fetch, or from one that is going on.</summary>
    public long Resumed { get; }

    /// <summary>Bytes that are there now.</summary>
    public long Received => _partial?.Received ?? Size;

    /// <summary>The blob, where nothing has to be fetched because the store has it; the lease keeps it.</summary>
    public BlobInfo? Stored { get; }

    internal Lease? Lease { get; }

    /// <summary>Why its readers get no more.</summary>
    internal Exception? Failure => _failure;

    /// <summary>
    /// Waits until nobody else fetches the blob, fetches what is missing then, verifies length and digest, and names it. It is in the store, kept by
    /// every asker's lease, when the task ends. Retries belong into <paramref name="fetch"/>: a failure of this ends the readers of this asker.
    /// </summary>
    /// <param name="fetch">Writes what <see cref="PartialWriter.Missing"/> says. Not called when another has fetched it all meanwhile.</param>
    /// <param name="cancel">The caller no longer wants it: another asker, if there is one, takes over.</param>
    /// <exception cref="EngineException">Invalid: other bytes than the digest says, which are thrown away. Unavailable: it broke off; what came is kept. Internal: the disk is full.</exception>
    public Task<BlobInfo> FetchAsync(Func<PartialWriter, CancellationToken, Task> fetch, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Stored is { } there)
        {
            return Task.FromResult(there);
        }

        Task<BlobInfo> fetched = FetchOrFailAsync(fetch, cancel);
        _fetches.Add(fetched);
        return fetched;
    }

    /// <summary>The bytes in order; waits for those that have not come. Not verified before <see cref="FetchAsync"/> has ended.</summary>
    /// <param name="cancel">Ends a wait.</param>
    public Stream OpenRead(CancellationToken cancel) => _partial is null ? _open!() : new PartialReader(this, _partial, cancel);

    /// <summary>Lets go of it, and ends a fetch that still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_partial is not null)
        {
            Fail(new OperationCanceledException($"the fetch of {Digest} was given up"));
            await _given.CancelAsync();
            await Task.WhenAll(_fetches).ContinueWith(
                done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await _all!.LeaveAsync(this, _partial);
        }

        _given.Dispose();
    }

    internal void Report(long received) => _progress?.Report(received);

    private async Task<BlobInfo> FetchOrFailAsync(Func<PartialWriter, CancellationToken, Task> fetch, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _given.Token);
        try
        {
            return await _all!.FetchAsync(_partial!, fetch, either.Token);
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    private void Fail(Exception why)
    {
        _failure ??= why;
        _partial!.Wake();
    }
}
