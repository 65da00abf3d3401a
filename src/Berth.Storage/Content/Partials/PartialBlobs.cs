using Berth.Linux.Files;
using Berth.Oci.Digests;
using Berth.Storage.Failpoints;
using Berth.Storage.Leases;

namespace Berth.Storage.Content.Partials;

/// <summary>All blobs that are being fetched by their digest, one <see cref="SharedPartial"/> for a digest and size.</summary>
internal sealed class PartialBlobs(DataRoot root, Durable durable, ContentStore content)
{
    // Also held while a partial's files are opened, removed or looked at, so that nobody opens what another is removing.
    private readonly Lock _gate = new();
    private readonly Dictionary<(Digest, long), SharedPartial> _open = [];

    public async Task<PartialBlob> JoinAsync(Digest digest, long size, Lease lease, IProgress<long>? progress, CancellationToken cancel)
    {
        while (true)
        {
            if (await content.KeepAsync(digest, lease, cancel) is { } stored)
            {
                return stored.Size == size ? new PartialBlob(stored, () => content.Open(digest))
                    : throw EngineException.Invalid($"content {digest} has {stored.Size} bytes, not {size} as its descriptor says");
            }

            (PartialBlob? asker, SharedPartial partial, bool isFirst) = Enter(digest, size, lease, progress);
            if (asker is null)
            {
                // It is being named, or its last asker has just let go: the end of that decides whether there is anything to fetch.
                await partial.Closing!.Task.WaitAsync(cancel);
            }
            else if (isFirst && content.Find(digest) is not null)
            {
                await asker.DisposeAsync(); // named between the two looks
            }
            else
            {
                return asker;
            }
        }
    }

    public async Task<BlobInfo> FetchAsync(SharedPartial partial, Func<PartialWriter, CancellationToken, Task> fetch, CancellationToken cancel)
    {
        await partial.Turn.WaitAsync(cancel);
        try
        {
            if (partial.Published is { } published)
            {
                return published;
            }

            if (partial.Broken is { } broken)
            {
                throw broken;
            }

            await ReceiveAsync(partial, fetch, cancel);
            return await NameAsync(partial, await partial.Hash!.FinishAsync(cancel));
        }
        finally
        {
            partial.Turn.Release();
        }
    }

    /// <summary>The last one to leave closes it.</summary>
    public async Task LeaveAsync(PartialBlob asker, SharedPartial partial)
    {
        bool isOver;
        lock (_gate)
        {
            if (partial.Remove(asker) > 0)
            {
                return;
            }

            isOver = partial.Published is not null || partial.Broken is not null;
            partial.Closing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            if (partial.Hash is { } hash)
            {
                await hash.DisposeAsync();
            }

            if (!isOver)
            {
                await Task.Run(partial.Close);
            }
        }
        finally
        {
            partial.Dispose();
            Forget(partial);
        }
    }

    /// <summary>What is at work and what was broken off.</summary>
    public IReadOnlyList<PartialInfo> List()
    {
        lock (_gate)
        {
            return [.. PartialFiles.Of(root).Where(f => f.Name is not null).Select(Describe)];
        }
    }

    /// <summary>Removes what was broken off and cannot be gone on with, or was not for too long. What is at work stays.</summary>
    /// <param name="olderThan">How long it may lie; zero: all of it goes.</param>
    public void Sweep(TimeSpan olderThan)
    {
        lock (_gate)
        {
            PartialFiles.Sweep(root, DateTimeOffset.UtcNow - olderThan, name => _open.ContainsKey(name), digest => content.Find(digest) is not null);
        }
    }

    private (PartialBlob? Asker, SharedPartial Partial, bool IsFirst) Enter(Digest digest, long size, Lease lease, IProgress<long>? progress)
    {
        lock (_gate)
        {
            bool isFirst = !_open.TryGetValue((digest, size), out SharedPartial? partial);
            if (isFirst)
            {
                _open[(digest, size)] = partial = new SharedPartial(root, digest, size, durable);
            }
            else if (partial!.Closing is not null)
            {
                return (null, partial, false);
            }

            var asker = new PartialBlob(this, partial, lease, progress);
            partial.Add(asker);
            return (asker, partial, isFirst);
        }
    }

    private async Task ReceiveAsync(SharedPartial partial, Func<PartialWriter, CancellationToken, Task> fetch, CancellationToken cancel)
    {
        var writer = new PartialWriter(partial);
        try
        {
            partial.Reserve();
            partial.Hash ??= new PartialHash(partial);
            if (partial.Missing().Count > 0)
            {
                await fetch(writer, cancel);
            }

            partial.Record();
        }
        finally
        {
            writer.End();
            if (partial.DiskFull is { } full)
            {
                Break(partial, full);
            }
        }

        if (partial.Missing().Count > 0)
        {
            throw EngineException.Unavailable($"content {partial.Digest} was cut off: {partial.Received} of {partial.Size} bytes were received");
        }
    }

    private async Task<BlobInfo> NameAsync(SharedPartial partial, Digest actual)
    {
        if (actual != partial.Digest)
        {
            throw Break(partial, EngineException.Invalid($"content {partial.Digest} is damaged: what was received has the digest {actual}"));
        }

        var blob = new BlobInfo(actual, partial.Size);
        await Task.Run(partial.Sync);
        lock (_gate)
        {
            // From here on nobody joins, so that the leases are all there are.
            partial.Closing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await content.PublishAsync(partial.Path, blob, [.. partial.Askers().Select(a => a.Lease!)], CancellationToken.None);
            partial.Published = blob;
        }
        catch (Exception e)
        {
            partial.Broken = EngineException.Internal($"content {partial.Digest} could not be stored: {e.Message}", e);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                partial.RemoveFiles();
                Forget(partial);
            }
        }

        return blob;
    }

    private EngineException Break(SharedPartial partial, EngineException why)
    {
        lock (_gate)
        {
            // Its open files stay readable, and whoever comes now begins with new ones.
            partial.Broken ??= why;
            partial.RemoveFiles();
            Forget(partial);
            return partial.Broken;
        }
    }

    private void Forget(SharedPartial partial)
    {
        lock (_gate)
        {
            if (_open.GetValueOrDefault((partial.Digest, partial.Size)) == partial)
            {
                _open.Remove((partial.Digest, partial.Size));
            }
        }

        partial.Closing?.TrySetResult();
    }

    private PartialInfo Describe(PartialFiles file)
    {
        (Digest digest, long size) = file.Name!.Value;
        return new PartialInfo(digest, size, FileSpace.Used(file.Path), file.LastWritten, _open.ContainsKey((digest, size)));
    }
}
