using System.Security.Cryptography;

using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Content.Partials;
using Berth.Storage.Leases;
using Berth.Tests;

namespace Berth.Storage.Tests.Content.Partials;

public sealed class PartialBlobTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(3_000_000);
    private static readonly Digest Name = Digest.Of(Bytes);

    private readonly TestRoot _root = new();
    private Lease _lease = null!;

    private ContentStore Content => _root.Services.Content;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lease = await Lease.CreateAsync(_root.Services.Database, "test", Cancel);

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RangesWrittenAtOnceInAnyOrderBecomeTheBlob()
    {
        await using PartialBlob blob = await JoinAsync();
        BlobInfo stored = await blob.FetchAsync(
            (writer, _) => Parallel.ForEachAsync(
                Enumerable.Range(0, 30).Reverse(), Cancel,
                (i, _) =>
                {
                    writer.Write(i * 100_000, Bytes.AsSpan(i * 100_000, 100_000));
                    return ValueTask.CompletedTask;
                }),
            Cancel);
        Assert.Equal(new BlobInfo(Name, Bytes.Length), stored);
        Assert.Equal(stored, Content.Find(Name));
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(_root.Root.Blob(Name), Cancel));
        Assert.Empty(Directory.GetFiles(_root.Root.Partials));
    }

    [Fact]
    public async Task WhatArrivedIsThereForTheNextFetchAndOverARestart()
    {
        await BreakOffAsync(new ByteRange(0, 1_000_000), new ByteRange(2_000_000, 2_500_000));
        await _root.RestartAsync();
        PartialInfo left = Assert.Single(Content.Partials());
        Assert.Equal((Name, Bytes.Length, false), (left.Digest, left.Size, left.IsOpen));
        await using PartialBlob blob = await JoinAsync();
        Assert.Equal(1_500_000, blob.Resumed);
        await blob.FetchAsync(
            (writer, _) =>
            {
                Assert.Equal([new ByteRange(1_000_000, 2_000_000), new ByteRange(2_500_000, 3_000_000)], writer.Missing());
                WriteMissing(writer, Bytes);
                return Task.CompletedTask;
            },
            Cancel);
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(_root.Root.Blob(Name), Cancel));
    }

    [Fact]
    public async Task AFetchThatEndsEarlyIsRefusedAndKept()
    {
        await using (PartialBlob blob = await JoinAsync())
        {
            EngineException cut = await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync((w, _) => Write(w, new ByteRange(0, 10)), Cancel));
            Assert.Equal(EngineErrorKind.Unavailable, cut.Kind);
            Assert.Contains("10 of 3000000 bytes", cut.Message, StringComparison.Ordinal);
        }

        await using PartialBlob again = await JoinAsync();
        Assert.Equal(10, again.Resumed);
    }

    [Fact]
    public async Task WrongBytesAreThrownAwayAndBothDigestsNamed()
    {
        byte[] wrong = [.. Bytes];
        wrong[1_234_567] ^= 1;
        await using (PartialBlob blob = await JoinAsync())
        {
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync((w, _) => WriteMissing(w, wrong), Cancel));
            Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
            Assert.Contains(Name.ToString(), refused.Message, StringComparison.Ordinal);
            Assert.Contains(Digest.Of(wrong).ToString(), refused.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_root.Root.Partials));

            // While the first has not let go yet.
            await using PartialBlob fresh = await JoinAsync();
            Assert.Equal(0, fresh.Resumed);
            await fresh.FetchAsync((w, _) => WriteMissing(w, Bytes), Cancel);
        }

        Assert.Equal(Bytes, await File.ReadAllBytesAsync(_root.Root.Blob(Name), Cancel));
    }

    [Fact]
    public async Task MoreBytesThanTheLengthAreRefused()
    {
        await using PartialBlob blob = await JoinAsync();
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync(
            (writer, _) =>
            {
                writer.Write(Bytes.Length - 1, "ab"u8);
                return Task.CompletedTask;
            },
            Cancel));
        Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
    }

    [Fact]
    public async Task AReaderFollowsBehindWhatArrives()
    {
        await using PartialBlob blob = await JoinAsync();
        using Stream reader = blob.OpenRead(Cancel);
        var half = new TaskCompletionSource();
        Task<BlobInfo> fetched = blob.FetchAsync(
            async (writer, _) =>
            {
                await Write(writer, new ByteRange(1_500_000, 3_000_000));
                await Write(writer, new ByteRange(0, 700_000));
                await half.Task;
                WriteMissing(writer, Bytes).GetAwaiter().GetResult();
            },
            Cancel);
        byte[] read = new byte[Bytes.Length];
        await reader.ReadExactlyAsync(read.AsMemory(0, 700_000), Cancel);
        Task rest = Task.Factory.StartNew(() => reader.ReadExactly(read.AsSpan(700_000)), Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.False(rest.IsCompleted);
        half.SetResult();
        await rest;
        Assert.Equal(0, reader.Read(new byte[1]));
        Assert.Equal(Bytes, read);
        await fetched;
    }

    [Fact]
    public async Task AReaderEndsWithTheFailureOfItsFetch()
    {
        await using PartialBlob blob = await JoinAsync();
        using Stream reader = blob.OpenRead(Cancel);
        Task<int> waiting = Task.Factory.StartNew(() => reader.Read(new byte[10]), Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Assert.ThrowsAsync<IOException>(() => blob.FetchAsync((_, _) => throw new IOException("broken pipe"), Cancel));
        Assert.Equal("broken pipe", (await Assert.ThrowsAsync<IOException>(() => waiting)).Message);
    }

    [Fact]
    public async Task TwoAskersShareOneFetch()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using PartialBlob first = await JoinAsync();
        Task<BlobInfo> one = first.FetchAsync(
            async (writer, _) =>
            {
                begun.SetResult();
                await go.Task;
                await WriteMissing(writer, Bytes);
            },
            Cancel);
        await begun.Task;
        await using Lease lease = await Lease.CreateAsync(_root.Services.Database, "second", Cancel);
        long reported = 0;
        await using PartialBlob second = await Content.JoinAsync(Name, Bytes.Length, lease, new Reports(n => reported = n), Cancel);
        Task<BlobInfo> two = second.FetchAsync((_, _) => throw new InvalidOperationException("fetched twice"), Cancel);
        go.SetResult();
        Assert.Equal(await one, await two);
        Assert.Equal(Bytes.Length, reported);

        // The second's lease keeps it too.
        await _lease.DisposeAsync();
        await _root.Services.Collector.CollectAsync(Cancel);
        Assert.NotNull(Content.Find(Name));
    }

    [Fact]
    public async Task AnotherTakesOverWhereTheFirstIsCancelled()
    {
        using var impatient = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        PartialBlob first = await JoinAsync();
        Task<BlobInfo> one = first.FetchAsync(
            async (writer, cancel) =>
            {
                await Write(writer, new ByteRange(0, 1_000_000));
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            },
            impatient.Token);
        await begun.Task;
        await using PartialBlob second = await JoinAsync();
        using Stream reader = second.OpenRead(Cancel);
        Task<BlobInfo> two = second.FetchAsync(
            (writer, _) =>
            {
                Assert.Equal([new ByteRange(1_000_000, 3_000_000)], writer.Missing());
                return WriteMissing(writer, Bytes);
            },
            Cancel);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await first.DisposeAsync();
        await two;
        byte[] read = new byte[Bytes.Length];
        await reader.ReadExactlyAsync(read, Cancel);
        Assert.Equal(Bytes, read);
    }

    [Fact]
    public async Task ABlobThatIsThereIsNotFetched()
    {
        await using (PartialBlob blob = await JoinAsync())
        {
            await blob.FetchAsync((w, _) => WriteMissing(w, Bytes), Cancel);
        }

        await using PartialBlob there = await JoinAsync();
        Assert.Equal(Bytes.Length, there.Stored!.Size);
        await there.FetchAsync((_, _) => throw new InvalidOperationException("fetched again"), Cancel);
        using var copy = new MemoryStream();
        await using Stream reader = there.OpenRead(Cancel);
        await reader.CopyToAsync(copy, Cancel);
        Assert.Equal(Bytes, copy.ToArray());
        await Assert.ThrowsAsync<EngineException>(() => Content.JoinAsync(Name, 7, _lease, null, Cancel));
    }

    [Fact]
    public async Task ManyAskersAtOnceGetOneBlob()
    {
        int fetches = 0;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(
            async () =>
            {
                await using PartialBlob blob = await JoinAsync();
                await blob.FetchAsync(
                    (w, _) =>
                    {
                        Interlocked.Increment(ref fetches);
                        return WriteMissing(w, Bytes);
                    },
                    Cancel);
                Assert.NotNull(Content.Find(Name));
            },
            Cancel)));
        Assert.Equal(1, fetches);
        Assert.Empty(Directory.GetFiles(_root.Root.Partials));
    }

    [Fact]
    public async Task AnEmptyBlobNeedsNoFetch()
    {
        await using PartialBlob blob = await Content.JoinAsync(Digest.Of([]), 0, _lease, null, Cancel);
        await blob.FetchAsync((_, _) => throw new InvalidOperationException("nothing to fetch"), Cancel);
        Assert.NotNull(Content.Find(Digest.Of([])));
    }

    [Fact]
    public async Task AsManyBytesAsNoDiskHasAreRefusedBeforeAnythingIsFetched()
    {
        await using (PartialBlob blob = await Content.JoinAsync(Name, 1L << 60, _lease, null, Cancel))
        {
            EngineException full = await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync((_, _) => throw new InvalidOperationException("fetched"), Cancel));
            Assert.Contains("no space is left", full.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(_root.Root.Partials));
    }

    [Fact]
    public async Task OldAndUselessPartialsAreSwept()
    {
        await BreakOffAsync(new ByteRange(0, 10));
        string path = _root.Root.Partial(Name, Bytes.Length);
        File.WriteAllText(Path.Join(_root.Root.Partials, "stray"), "x");
        File.WriteAllText(Path.Join(_root.Root.Partials, $"{Name.Hex}-12.ranges"), "x");
        await _root.Services.Collector.CollectAsync(Cancel);
        Assert.Equal([path, path + ".ranges"], Directory.GetFiles(_root.Root.Partials).Order(StringComparer.Ordinal));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-25));
        await using (await JoinAsync())
        {
            await _root.Services.Collector.CollectAsync(Cancel);
            Assert.True(File.Exists(path)); // somebody is at it
        }

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-25));
        await _root.Services.Collector.CollectAsync(Cancel);
        Assert.Empty(Directory.GetFiles(_root.Root.Partials));
    }

    private Task<PartialBlob> JoinAsync() => Content.JoinAsync(Name, Bytes.Length, _lease, null, Cancel);

    private async Task BreakOffAsync(params ByteRange[] ranges)
    {
        await using PartialBlob blob = await JoinAsync();
        await Assert.ThrowsAsync<EngineException>(() => blob.FetchAsync((w, _) => Write(w, ranges), Cancel));
    }

    private static Task Write(PartialWriter writer, params ReadOnlySpan<ByteRange> ranges)
    {
        foreach (ByteRange range in ranges)
        {
            for (long at = range.Start; at < range.End; at += 50_000)
            {
                writer.Write(at, Bytes.AsSpan((int)at, (int)Math.Min(50_000, range.End - at)));
            }
        }

        return Task.CompletedTask;
    }

    private static Task WriteMissing(PartialWriter writer, byte[] bytes)
    {
        foreach (ByteRange range in writer.Missing())
        {
            writer.Write(range.Start, bytes.AsSpan((int)range.Start, (int)range.Length));
        }

        return Task.CompletedTask;
    }

    private sealed class Reports(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
