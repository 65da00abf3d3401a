using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Digests;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Storage.Tests.Snapshots;

/// <summary>What every snapshotter must do. An implementation's test class derives from this and says how one is made.</summary>
public abstract class SnapshotterConformance : IAsyncLifetime
{
    private int _keys;

    private protected TestRoot Root { get; } = new();

    private protected Lease Lease { get; private set; } = null!;

    private protected ISnapshotter Snapshots => Make(Root);

    private protected abstract ISnapshotter Make(TestRoot root);

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Lease = await Lease.CreateAsync(Root.Services.Database, "test", Cancel);

    public ValueTask DisposeAsync()
    {
        Root.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AnEmptySnapshotIsAnEmptyFolder()
    {
        using FileDescriptor root = await PrepareAsync("a", null);
        Assert.Empty(Names(root));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            File.GetUnixFileMode(PathOf(root)));
    }

    [Fact]
    public async Task ChangesShowAndStayApart()
    {
        ChainId below = await LayerAsync(null, root => File.WriteAllText($"{root}/file", "below"));
        using FileDescriptor a = await PrepareAsync("a", below);
        using FileDescriptor b = await PrepareAsync("b", below);
        File.WriteAllText($"{PathOf(a)}/file", "a");
        File.WriteAllText($"{PathOf(b)}/more", "b");
        Assert.Equal("below", File.ReadAllText($"{PathOf(b)}/file"));
        Assert.Equal(["file"], Names(a));
        Assert.Equal(["file", "more"], Names(b));
    }

    [Fact]
    public async Task CommittedChangesAreSeenFromAbove()
    {
        ChainId one = await LayerAsync(null, root =>
        {
            File.WriteAllText($"{root}/kept", "1");
            File.WriteAllText($"{root}/gone", "1");
            File.WriteAllText($"{root}/changed", "1");
            Directory.CreateDirectory($"{root}/emptied/in");
        });
        ChainId two = await LayerAsync(one, root =>
        {
            File.Delete($"{root}/gone");
            File.WriteAllText($"{root}/changed", "2");
            Directory.Delete($"{root}/emptied", recursive: true);
            Directory.CreateDirectory($"{root}/emptied");
        });
        using FileDescriptor top = await PrepareAsync("top", two);
        Assert.Equal(["changed", "emptied", "kept"], Names(top));
        Assert.Equal("2", File.ReadAllText($"{PathOf(top)}/changed"));
        Assert.Empty(Directory.GetFileSystemEntries($"{PathOf(top)}/emptied"));
        using FileDescriptor view = DetachedMount.Create(await Snapshots.ViewAsync(one, Cancel));
        Assert.Equal(["changed", "emptied", "gone", "kept"], Names(view));
        Assert.ThrowsAny<Exception>(() => File.WriteAllText($"{PathOf(view)}/x", ""));
    }

    [Fact]
    public async Task TheRootsOwnerAndModeAreTheImages()
    {
        ChainId below = await LayerAsync(null, root => TestShell.Run($"chown 12:34 {root}; chmod 1750 {root}"));
        using FileDescriptor top = await PrepareAsync("top", below);
        Assert.Equal("12 34 1750", TestShell.Run($"stat -L -c '%u %g %a' {PathOf(top)}").Trim());
    }

    [Theory]
    [InlineData(SnapshotDurability.Durable)]
    [InlineData(SnapshotDurability.Volatile)]
    public async Task ChangesAreThereAfterMountingAgain(SnapshotDurability durability)
    {
        using (FileDescriptor first = await PrepareAsync("a", null, durability))
        {
            File.WriteAllText($"{PathOf(first)}/file", "x");
        }

        using FileDescriptor again = DetachedMount.Create(await Snapshots.MountAsync(new SnapshotKey("a"), Cancel));
        Assert.Equal("x", File.ReadAllText($"{PathOf(again)}/file"));
    }

    [Fact]
    public async Task AKeyIsUsedOnce()
    {
        await Snapshots.PrepareAsync(new SnapshotKey("a"), null, SnapshotDurability.Durable, Lease, Cancel);
        EngineException again = await Assert.ThrowsAsync<EngineException>(
            async () => await Snapshots.PrepareAsync(new SnapshotKey("a"), null, SnapshotDurability.Durable, Lease, Cancel));
        Assert.Equal(EngineErrorKind.Conflict, again.Kind);
    }

    [Fact]
    public async Task WhatIsNotThereIsNamed()
    {
        var nothing = new ChainId(Digest.Of("nothing"u8));
        var key = new SnapshotKey("missing");
        foreach (Func<Task> act in (Func<Task>[])
        [
            async () => await Snapshots.PrepareAsync(new SnapshotKey("x"), nothing, SnapshotDurability.Durable, Lease, Cancel),
            async () => await Snapshots.MountAsync(key, Cancel),
            async () => await Snapshots.ViewAsync(nothing, Cancel),
            async () => await Snapshots.CommitAsync(key, nothing, null, Lease, Cancel),
            () => Task.FromResult(Snapshots.ChangesOf(key)),
        ])
        {
            Assert.Equal(EngineErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(act)).Kind);
        }

        Assert.False(await Snapshots.RemoveAsync(key, Cancel));
    }

    [Fact]
    public async Task RemovalLeavesNothing()
    {
        string before = Files();
        using (FileDescriptor root = await PrepareAsync("a", null))
        {
            Directory.CreateDirectory($"{PathOf(root)}/deep/er");
        }

        Assert.NotEqual(before, Files());
        Assert.True(await Snapshots.RemoveAsync(new SnapshotKey("a"), Cancel));
        Assert.False(await Snapshots.RemoveAsync(new SnapshotKey("a"), Cancel));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task TheSameChainTwiceIsKeptOnce()
    {
        ChainId chain = await LayerAsync(null, root => File.WriteAllText($"{root}/file", "x"));
        string before = Files();
        var key = new SnapshotKey("again");
        await Snapshots.PrepareAsync(key, null, SnapshotDurability.Durable, Lease, Cancel);
        Assert.False(await Snapshots.CommitAsync(key, chain, null, Lease, Cancel));
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(128)]
    [InlineData(500)]
    public async Task ManyLayersStack(int count)
    {
        ChainId? chain = null;
        for (int i = 0; i < count; i++)
        {
            chain = await ChangesAsync(chain, folder => File.WriteAllText($"{folder}/file{i}", "x"));
        }

        using FileDescriptor root = await PrepareAsync("top", chain);
        Assert.Equal(count, Names(root).Length);
    }

    /// <summary>Answers as many snapshots at once as there are clients, each its own.</summary>
    [Fact]
    public async Task ManyAtOnce()
    {
        ChainId below = await LayerAsync(null, root => File.WriteAllText($"{root}/file", "x"));
        FileSystemMount[] mounts = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => Snapshots.PrepareAsync(new SnapshotKey($"k{i}"), below, SnapshotDurability.Volatile, Lease, Cancel).AsTask()));
        Assert.Equal(40, mounts.Select(m => m.Parameters.Single(p => p.Key == "upperdir").Value).Distinct().Count());
    }

    private protected async Task<FileDescriptor> PrepareAsync(string key, ChainId? parent, SnapshotDurability durability = SnapshotDurability.Durable) =>
        DetachedMount.Create(await Snapshots.PrepareAsync(new SnapshotKey(key), parent, durability, Lease, Cancel));

    /// <summary>A layer made by writing through a mount.</summary>
    private protected async Task<ChainId> LayerAsync(ChainId? parent, Action<string> change)
    {
        string key = $"layer{_keys++}";
        using (FileDescriptor root = await PrepareAsync(key, parent))
        {
            change(PathOf(root));
        }

        return await CommitAsync(key, parent);
    }

    /// <summary>A layer made by writing its changes directly, as unpacking does.</summary>
    private protected async Task<ChainId> ChangesAsync(ChainId? parent, Action<string> change)
    {
        string key = $"layer{_keys++}";
        await Snapshots.PrepareAsync(new SnapshotKey(key), null, SnapshotDurability.Durable, Lease, Cancel);
        change(Snapshots.ChangesOf(new SnapshotKey(key)));
        return await CommitAsync(key, parent);
    }

    // By process id, as tests hand it to other programs too.
    private protected static string PathOf(FileDescriptor root) => $"/proc/{Environment.ProcessId}/fd/{root.Number}";

    private async Task<ChainId> CommitAsync(string key, ChainId? parent)
    {
        ChainId chain = ChainId.Of(parent, Digest.Of(Encoding.UTF8.GetBytes(key)));
        Assert.True(await Snapshots.CommitAsync(new SnapshotKey(key), chain, parent, Lease, Cancel));
        return chain;
    }

    private static string[] Names(FileDescriptor root) => [.. Directory.GetFileSystemEntries(PathOf(root)).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    private string Files() => string.Join('\n', Directory.EnumerateFileSystemEntries(Root.Root.Data, "*", SearchOption.AllDirectories)
        .Where(p => !p.Contains("berth.db", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
}
