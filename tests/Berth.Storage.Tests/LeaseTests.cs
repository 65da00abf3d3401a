using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Leases;
using Berth.Tests;

namespace Berth.Storage.Tests;

public sealed class LeaseTests : IDisposable
{
    private readonly TestRoot _root = new();

    private BerthDatabase Database => _root.Services.Database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task WhatALastingLeaseKeepsIsThereAfterAFailureAndARestart()
    {
        BlobInfo blob = await KeepAsync("pull x", completes: false);
        await _root.Services.Collector.CollectAsync(Cancel);
        await _root.RestartAsync();
        Assert.NotNull(_root.Services.Content.Find(blob.Digest));
    }

    [Fact]
    public async Task ItRunsOut()
    {
        BlobInfo blob = await KeepAsync("pull x", completes: false);
        await Database.WriteAsync(t => t.Execute("UPDATE leases SET expires = @now", ("@now", Clock.Now())), Cancel);
        await _root.Services.Collector.CollectAsync(Cancel);
        Assert.Null(_root.Services.Content.Find(blob.Digest));
        Assert.False(Database.Read(s => s.Any("SELECT 1 FROM leases")));
    }

    [Fact]
    public async Task TheNextCompletedWorkOfItsPurposeDropsIt()
    {
        await KeepAsync("pull x", completes: false);
        await KeepAsync("pull y", completes: false);
        await KeepAsync("pull x", completes: true);
        Assert.Equal(["pull y"], Database.Read(s => s.Query("SELECT purpose FROM leases", r => r.GetString(0))));
    }

    /// <summary>One that is held by a living daemon has no end.</summary>
    [Fact]
    public async Task OneThatIsHeldDoesNotRunOut()
    {
        await using Lease lease = await Lease.CreateLastingAsync(Database, "pull x", Cancel);
        await Database.WriteAsync(t => lease.Keep(t, LeasedKind.Blob, "sha256:x"), Cancel);
        await KeepAsync("pull x", completes: true);
        Assert.True(Database.Read(s => s.Any("SELECT 1 FROM leases WHERE id = @id AND expires IS NULL", ("@id", lease.Id))));
    }

    private async Task<BlobInfo> KeepAsync(string purpose, bool completes)
    {
        await using Lease lease = await Lease.CreateLastingAsync(Database, purpose, Cancel);
        using IngestWriter ingest = _root.Services.Content.Begin(lease);
        ingest.Write("hello"u8);
        BlobInfo blob = await ingest.CommitAsync(null, Cancel);
        if (completes)
        {
            lease.Complete();
        }

        return blob;
    }
}
