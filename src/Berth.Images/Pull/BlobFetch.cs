using System.Buffers;

using Berth.Images.Registries;
using Berth.Images.Registries.Http;
using Berth.Oci.Digests;
using Berth.Storage.Content.Partials;

namespace Berth.Images.Pull;

/// <summary>
/// Brings what is missing of one blob from a registry: by ranges side by side where the server knows ranges, else in one piece. A connection that
/// breaks is made anew and goes on where it broke; only attempts that brought nothing count.
/// </summary>
/// <param name="client">The registry.</param>
/// <param name="repository">Path within it.</param>
/// <param name="digest">The blob.</param>
/// <param name="from">The endpoint asked first.</param>
internal sealed class BlobFetch(RegistryClient client, string repository, Digest digest, RegistryConnection? from)
{
    private const int BufferLength = 128 << 10;

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
        BlobAnswer first = await client.OpenBlobAsync(repository, digest, writer.Size, Asked(pieces[0], writer), from, stop);
        if (!first.IsPart)
        {
            await FetchAsync(writer, new ByteRange(0, writer.Size), first, stop);
            return;
        }

        await FetchAllAsync(writer, pieces, first, stop);
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
        try
        {
            for (int failed = 0; at < piece.End;)
            {
                long before = at;
                RegistryException? failure = null;
                try
                {
                    using BlobAnswer answer = opened ?? await client.OpenBlobAsync(repository, digest, writer.Size, Asked(new ByteRange(at, piece.End), writer), from, stop);
                    opened = null;
                    at = await ReadAsync(writer, answer, at, piece.End, buffer, reached => at = reached, stop);
                }
                catch (RegistryException e) when (e.IsPassing)
                {
                    failure = e;
                }

                failed = at > before ? 1 : failed + 1;
                if (at < piece.End)
                {
                    await Task.Delay(client.Retry.Pause(failed, null, Random.Shared.NextDouble()) ?? throw failure ?? CutOff(), stop);
                }
            }
        }
        finally
        {
            opened?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
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
