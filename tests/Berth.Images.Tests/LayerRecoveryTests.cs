using Berth.Oci.Images;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>What a power failure may do to layers that were unpacked a moment before, and what the next start does about it.</summary>
public sealed class LayerRecoveryTests : IDisposable
{
    private readonly TestImages _images = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task ALayerOfAnotherBootIsUnpackedAgainFromItsBlob()
    {
        byte[] layer = ArchiveBuilder.Layer("file", "content");
        string files = await LoadAsync(layer);
        List<string> before = TreePrint.Of(files);
        await RebootAsync();
        File.WriteAllText(Path.Join(files, "file"), ""); // as ext4 leaves a file whose bytes had not been written
        File.WriteAllText(Path.Join(files, "stray"), "");

        Assert.Empty(await RecoverAsync());
        Assert.Equal(before.Skip(1), TreePrint.Of(files).Skip(1));
        Assert.Empty(_images.Root.Services.Sync.Doubtful());
        await _images.Root.RestartAsync();
        Assert.Equal(before.Skip(1), TreePrint.Of(files).Skip(1));
        Assert.Equal(1, _images.Root.Services.Database.Read(s => s.Number("SELECT count(*) FROM snapshots")));
    }

    [Fact]
    public async Task ASyncedLayerIsLeftAlone()
    {
        string files = await LoadAsync(ArchiveBuilder.Layer("file", "content"));
        await _images.Root.Services.Sync.RunAsync(Cancel);
        await RebootAsync();
        Assert.Empty(_images.Root.Services.Sync.Doubtful());
        File.WriteAllText(Path.Join(files, "file"), "changed");
        Assert.Empty(await RecoverAsync());
        Assert.Equal("changed", File.ReadAllText(Path.Join(files, "file")));
    }

    [Fact]
    public async Task ALayerWhoseBlobIsDamagedTooIsNamed()
    {
        byte[] layer = ArchiveBuilder.Layer("file", "content");
        await LoadAsync(layer);
        await RebootAsync();
        File.WriteAllBytes(_images.Root.Root.Blob(Oci.Digests.Digest.Of(layer)), ArchiveBuilder.Layer("file", "damaged"));
        Assert.Contains(Oci.Digests.Digest.Of(layer).ToString(), Assert.Single(await RecoverAsync()), StringComparison.Ordinal);
        Assert.Single(_images.Root.Services.Sync.Doubtful());
    }

    private Task<IReadOnlyList<string>> RecoverAsync() =>
        new LayerRecovery(_images.Root.Services.Database, _images.Root.Services.Content, _images.Root.Services.Layers, _images.Root.Services.Sync).RunAsync(Cancel);

    // Every layer is synced behind the load, so the mark is put back to what it was.
    private Task RebootAsync() => _images.Root.Services.Database.WriteAsync(t => t.Execute("UPDATE snapshots SET boot = 'before' WHERE boot <> ''"), Cancel);

    private async Task<string> LoadAsync(byte[] layer)
    {
        var archive = new ArchiveBuilder();
        Descriptor image = archive.Image(Archives.PlatformMatch.Host.Architecture, [layer]);
        await _images.LoadAsync(archive.Layout(image));
        await _images.Root.Services.Sync.RunAsync(Cancel);
        await _images.Root.Services.Database.WriteAsync(t => t.Execute("UPDATE snapshots SET boot = @boot", ("@boot", LayerSync.Boot)), Cancel);
        return _images.Root.Root.SnapshotFiles(_images.Root.Services.Database.Read(s => s.Number("SELECT id FROM snapshots")));
    }
}
