using Berth.Oci.Digests;
using Berth.Storage.Content;
using Berth.Storage.Leases;
using Berth.Tests;

namespace Berth.Storage.Tests.Content;

public sealed class ContentStoreTests : IAsyncLifetime
{
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
    public async Task ABlobIsFoundByItsDigest()
    {
        BlobInfo blob = await WriteAsync("hello");
        Assert.Equal(Digest.Of("hello"u8), blob.Digest);
        Assert.Equal(blob, Content.Find(blob.Digest));
        using var reader = new StreamReader(Content.Open(blob.Digest));
        Assert.Equal("hello", await reader.ReadToEndAsync(Cancel));
        Assert.True(File.Exists(_root.Root.Blob(blob.Digest)));
    }

    /// <summary>Any OCI tool finds a blob by its digest.</summary>
    [Fact]
    public async Task TheFolderIsAnOciLayout()
    {
        BlobInfo blob = await WriteAsync("hello");
        Assert.Equal("""{"imageLayoutVersion":"1.0.0"}""", await File.ReadAllTextAsync(Path.Join(_root.Root.Content, "oci-layout"), Cancel));
        using var index = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Join(_root.Root.Content, "index.json"), Cancel));
        Assert.Equal(2, index.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Join(_root.Root.Content, "blobs", "sha256", blob.Digest.Hex), Cancel));
    }

    [Fact]
    public async Task OtherBytesThanExpectedAreRefusedAndLeaveNothing()
    {
        using (IngestWriter ingest = Content.Begin(_lease))
        {
            ingest.Write("hello"u8);
            EngineException refused = await Assert.ThrowsAsync<EngineException>(() => ingest.CommitAsync(Digest.Of("other"u8), Cancel));
            Assert.Equal(EngineErrorKind.Invalid, refused.Kind);
        }

        Assert.Empty(Directory.GetFiles(_root.Root.Ingests));
        Assert.Empty(Directory.GetFiles(_root.Root.Blobs));
    }

    [Fact]
    public async Task WritersOfOneBlobAtOnceAgree()
    {
        BlobInfo[] blobs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WriteAsync("same")));
        Assert.Single(blobs.Distinct());
        Assert.Single(Directory.GetFiles(_root.Root.Blobs));
        Assert.Empty(Directory.GetFiles(_root.Root.Ingests));
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        Digest digest = Digest.Of("nothing"u8);
        Assert.Null(Content.Find(digest));
        EngineException missing = Assert.Throws<EngineException>(() => Content.Open(digest));
        Assert.Contains(digest.ToString(), missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALeaseKeepsABlobAndItsEndFreesIt()
    {
        BlobInfo blob = await WriteAsync("hello");
        await _root.Services.Collector.CollectAsync(Cancel);
        Assert.NotNull(Content.Find(blob.Digest));
        await _lease.DisposeAsync();
        Assert.Equal([blob.Digest], (await _root.Services.Collector.CollectAsync(Cancel)).Blobs);
        Assert.Null(Content.Find(blob.Digest));
        Assert.Empty(Directory.GetFiles(_root.Root.Blobs));
    }

    /// <summary>Writers and collections of the same blob, again and again: a row always has its file.</summary>
    [Fact]
    public async Task WritingWhileCollectingNeverLosesAFile()
    {
        using var stop = new CancellationTokenSource();
        Task collecting = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await _root.Services.Collector.CollectAsync(Cancel);
                }
            },
            Cancel);
        for (int i = 0; i < 100; i++)
        {
            await using Lease lease = await Lease.CreateAsync(_root.Services.Database, "test", Cancel);
            using IngestWriter ingest = Content.Begin(lease);
            ingest.Write("contended"u8);
            BlobInfo blob = await ingest.CommitAsync(null, Cancel);
            Assert.True(File.Exists(_root.Root.Blob(blob.Digest)));
            await Content.Open(blob.Digest).DisposeAsync();
        }

        await stop.CancelAsync();
        await collecting;
    }

    [Fact]
    public async Task ARestartSweepsWhatIsHalfMade()
    {
        BlobInfo blob = await WriteAsync("unnamed");
        File.WriteAllText(_root.Root.Ingest("left"), "x");
        File.WriteAllText(_root.Root.Blob(Digest.Of("no row"u8)), "no row");
        Directory.CreateDirectory(Path.Join(_root.Root.Snapshot(77), "fs"));
        Directory.CreateDirectory(Path.Join(_root.Root.Trashed("left"), "deep"));
        Directory.CreateDirectory(_root.Root.Container("ghost"));
        await _root.RestartAsync();
        Assert.Null(Content.Find(blob.Digest));
        foreach (string folder in (string[])[_root.Root.Ingests, _root.Root.Blobs, _root.Root.Trash, _root.Root.Containers])
        {
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }

        Assert.Equal([_root.Root.EmptyLayer], Directory.GetFileSystemEntries(_root.Root.Snapshots));
    }

    /// <summary>Whoever loses the database loses no volume.</summary>
    [Fact]
    public async Task VolumesOutliveALostDatabaseButNotTheirRow()
    {
        Directory.CreateDirectory(_root.Root.VolumeFiles("precious"));
        await _root.RestartAsync();
        await _root.RestartAsync();
        Assert.True(Directory.Exists(_root.Root.VolumeFiles("precious")));
        await _root.Services.Database.WriteAsync(t => t.Execute("DELETE FROM volumes"), Cancel);
        await _root.RestartAsync();
        Assert.False(Directory.Exists(_root.Root.Volume("precious")));
    }

    private async Task<BlobInfo> WriteAsync(string text)
    {
        using IngestWriter ingest = Content.Begin(_lease);
        ingest.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return await ingest.CommitAsync(null, Cancel);
    }
}
