using System.Buffers;

using Berth.Images.Registries;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Content.Partials;
using Berth.Storage.Leases;

namespace Berth.Images.Pull;

/// <summary>
/// Brings what is missing of one blob from a registry: by ranges side by side where the server knows ranges, else in one piece. A connection that
/// breaks is made anew and goes on where it broke; only attempts that brought next to nothing count. Endpoints that sent it wrongly are passed over
/// as long as there is another: a mirror's fault is no fault of the pull.
/// </summary>
/// <param name="client">The registry.</param>
/// <param name="repository">Path within it.</param>
/// <param name="digest">The blob.</param>
/// <param name="from">The endpoint asked first.</param>
internal sealed class BlobFetch(RegistryClient client, string repository, Digest digest, RegistryConnection? from)
{
    private const int BufferLength = 128 << 10;

    /// <summary>An attempt that brought less is one that failed: else a server with a byte for each would be asked for ever.</summary>
    private const long LeastStep = 64 << 10;

    private readonly Lock _lock = new();
    private readonly List<RegistryConnection> _used = [];
    private RegistryConnection? _preferred = from;
    private IReadOnlyList<RegistryConnection> _passedOver = [];
    private bool _wasAnothers;

    /// <summary>Has the blob in the content store when the task ends, from the first endpoint that has it right.</summary>
    /// <param name="content">The store.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="lease">Keeps it.</param>
    /// <param name="cancel">The caller no longer wants it.</param>
    /// <exception cref="RegistryException">It did not come, however often it was tried.</exception>
    /// <exception cref="EngineException">Invalid: what came is another, and there is no further endpoint.</exception>
    public async Task BringAsync(IContentIngester content, long size, Lease lease, CancellationToken cancel)
    {
        while (true)
        {
            await using PartialBlob blob = await content.JoinAsync(digest, size, lease, null, cancel);
            try
            {
                await blob.FetchAsync(RunAsync, cancel);
                return;
            }
            catch (EngineException e) when (e.Kind == EngineErrorKind.Invalid && TryElsewhere(e.Message, blob.Resumed > 0))
            {
                // It came wrong, and there is another endpoint.
            }
        }
    }

    /// <exception cref="RegistryException">It did not come, however often it was tried.</exception>
    public async Task RunAsync(PartialWriter writer, CancellationToken stop)
    {
        IReadOnlyList<ByteRange> pieces = RangePlan.Cut(writer.Missing());
        if (pieces.Count == 1)
        {
            await FetchAsync(writer, pieces[0], null, stop);
            return;
        }

        // The first answer tells whether ranges are known: whoever sends all of it now would do so for each piece.
        BlobAnswer first = await OpenAsync(writer, pieces[0], stop);
        if (!first.IsPart)
        {
            await FetchAsync(writer, new ByteRange(0, writer.Size), first, stop);
            return;
        }

        await FetchAllAsync(writer, pieces, first, stop);
    }

    /// <summary>After all of it came and was wrong: passes over the endpoints that are to blame. False: there is no other, and no use in another run.</summary>
    /// <param name="why">For the log.</param>
    /// <param name="isResumed">Not all of it came from here: some was there before, or another fetched it.</param>
    public bool TryElsewhere(string why, bool isResumed)
    {
        lock (_lock)
        {
            RegistryConnection[] blamed = _used.Count > 1 ? [.. _used[..^1]] : [.. _used];
            bool isAnothers = (isResumed || blamed.Length == 0) && !_wasAnothers;
            _used.Clear();
            _wasAnothers |= isAnothers;
            if (isAnothers)
            {
                client.Log($"{client.Registry}/{repository}: {why}; it is fetched anew");
                return true;
            }

            return blamed.Length > 0 && PassOver(blamed, why);
        }
    }

    private async Task FetchAllAsync(PartialWriter writer, IReadOnlyList<ByteRange> pieces, BlobAnswer first, CancellationToken stop)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var connections = new SemaphoreSlim(RangePlan.Connections);
        Task[] work = [.. pieces.Select(async (piece, i) =>
        {
            BlobAnswer? opened = i == 0 ? first : null;
            await connections.WaitAsync(together.Token);
            try
            {
                await FetchAsync(writer, piece, opened, together.Token);
            }
            catch
            {
                await together.CancelAsync();
                throw;
            }
            finally
            {
                connections.Release();
            }
        })];
        try
        {
            await Task.WhenAll(work);
        }
        catch when (work.FirstOrDefault(static w => w.IsFaulted) is { } failed)
        {
            await failed; // the cause, where others were only told to stop
            throw;
        }
    }

    private async Task FetchAsync(PartialWriter writer, ByteRange piece, BlobAnswer? opened, CancellationToken stop)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        long at = piece.Start;
        RegistryConnection? source = null;
        try
        {
            for (int failed = 0; at < piece.End;)
            {
                long before = at;
                RegistryException? failure = null;
                try
                {
                    using BlobAnswer answer = opened ?? await OpenAsync(writer, new ByteRange(at, piece.End), stop);
                    (opened, source) = (null, answer.Source);
                    at = await ReadAsync(writer, answer, at, piece.End, buffer, reached => at = reached, stop);
                }
                catch (RegistryException e) when (e.IsPassing)
                {
                    failure = e;
                }

                failed = at - before >= LeastStep ? 1 : failed + 1;
                if (at < piece.End)
                {
                    TimeSpan? pause = client.Retry.Pause(failed, failure?.RetryAfter, Random.Shared.NextDouble());
                    if (pause is null && source is not null && PassOver([source], failure?.Message ?? $"the blob {digest} was cut off again and again"))
                    {
                        (failed, pause) = (0, TimeSpan.Zero);
                    }

                    await Task.Delay(pause ?? throw failure ?? CutOff(), stop);
                }
            }
        }
        finally
        {
            opened?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<BlobAnswer> OpenAsync(PartialWriter writer, ByteRange range, CancellationToken stop)
    {
        BlobAnswer answer = await client.OpenBlobAsync(repository, digest, writer.Size, Asked(range, writer), _preferred, stop, _passedOver);
        lock (_lock)
        {
            _preferred = answer.Source; // one that failed is not asked for every piece
            if (!_used.Contains(answer.Source))
            {
                _used.Add(answer.Source);
            }
        }

        return answer;
    }

    // False: they are all there are, and stay.
    private bool PassOver(RegistryConnection[] blamed, string why)
    {
        lock (_lock)
        {
            RegistryConnection[] all = [.. _passedOver.Union(blamed)];
            if (!client.HasOther(all))
            {
                return false;
            }

            if (all.Length > _passedOver.Count)
            {
                client.Log($"{string.Join(", ", blamed.Select(static b => RegistryErrors.Shown(b.Endpoint.Api)))}: {why}; it is fetched from another host");
            }

            _passedOver = all;
            return true;
        }
    }

    // Answers where it came to: the end, or where the server ended too early.
    private static async Task<long> ReadAsync(PartialWriter writer, BlobAnswer answer, long at, long end, byte[] buffer, Action<long> reached, CancellationToken stop)
    {
        // A server without ranges begins anew; what is there already is passed over by the writer.
        long position = answer.IsPart ? at : 0;
        while (position < end)
        {
            int count = await answer.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferLength, end - position)), stop);
            if (count == 0)
            {
                break;
            }

            writer.Write(position, buffer.AsSpan(0, count));
            position += count;
            reached(Math.Max(at, position));
        }

        return Math.Max(at, position);
    }

    // The whole of a blob is asked for without a range: not every server likes one.
    private static (long, long)? Asked(ByteRange piece, PartialWriter writer) => piece.Start == 0 && piece.End == writer.Size ? null : (piece.Start, piece.End - 1);

    private RegistryException CutOff() => new($"{client.Registry}/{repository}: the blob {digest} was cut off again and again") { IsPassing = true };
}
