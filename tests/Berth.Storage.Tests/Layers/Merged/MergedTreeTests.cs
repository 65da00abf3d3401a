using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Trees;
using Berth.Oci.Digests;
using Berth.Storage.Layers;
using Berth.Storage.Layers.Merged;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Tests;

using CsCheck;

namespace Berth.Storage.Tests.Layers.Merged;

/// <summary>Trees put together in memory, against what the kernel's overlayfs shows of the same layers.</summary>
public sealed class MergedTreeTests : IAsyncLifetime
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly TestRoot _root = new();
    private Lease _lease = null!;

    private LayerStore Layers => _root.Services.Layers;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lease = await Lease.CreateAsync(_root.Services.Database, "test", Cancel);

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    // Entries of an archive: what a path of up to three names becomes.
    private static readonly Gen<(string Path, int What, int Content)> Entry =
        from path in Gen.Int[0, 2].Select(i => Names[i]).Array[1, 3]
        from what in Gen.Int[0, 4]
        from content in Gen.Int[0, 2]
        select (string.Join('/', path), what, content);

    /// <summary>Any layers at all: the tree is the kernel's, and the changes that were told lead from each layer to the next.</summary>
    [Fact]
    public void ItIsWhatTheKernelShows() => Entry.Array[1, 8].Array[1, 4].Sample(
        layers =>
        {
            var tree = new MergedTree();
            var known = new SortedSet<string>(StringComparer.Ordinal);
            ChainId? chain = null;
            foreach (byte[] archive in layers.Select(entries => Archive(entries, known)))
            {
                chain = CommitAsync(archive, chain).GetAwaiter().GetResult();
                var deleted = new List<string>();
                var added = new List<string>();
                tree.Add(
                    Layers.FilesOf(chain.Value),
                    change =>
                    {
                        string path = Encoding.Latin1.GetString(change.Path);
                        Assert.Equal(change.Kind != TreeChangeKind.Added, known.Contains(path));
                        (change.Kind == TreeChangeKind.Deleted ? deleted : added).Add(path);
                    },
                    Cancel);
                List<string> shown = [.. Shown(chain.Value).Select(e => e.Path)];
                known.RemoveWhere(p => deleted.Any(d => p == d || p.StartsWith(d + "/", StringComparison.Ordinal)));
                known.UnionWith(added);
                known.RemoveWhere(p => !shown.Contains(p) && HasFileAbove(p, tree)); // a folder that became a file is told alone
                Assert.Equal(shown, known);
            }

            Assert.Equal(Shown(chain!.Value), Flat(tree.Root, ""));
        },
        iter: 60, threads: 1);

    /// <summary>The difference of two trees, applied to the paths of the first, gives those of the second; of a tree with itself it is nothing.</summary>
    [Fact]
    public void DifferencesLeadFromOneToTheOther() => Gen.Select(Entry.Array[1, 8].Array[1, 3], Entry.Array[1, 8].Array[1, 3]).Sample(
        (one, two) =>
        {
            MergedTree from = Merge(one), to = Merge(two);
            var paths = new SortedSet<string>(Flat(from.Root, "").Select(e => e.Path), StringComparer.Ordinal);
            string last = "";
            MergedDifference.Run(
                from, to,
                change =>
                {
                    string path = Encoding.Latin1.GetString(change.Path);
                    Assert.Equal(change.Kind != TreeChangeKind.Added, paths.Contains(path));
                    paths.RemoveWhere(p => change.Kind != TreeChangeKind.Added && (p == path || (p.StartsWith(path + "/", StringComparison.Ordinal) && IsGone(change, to, path))));
                    if (change.Kind != TreeChangeKind.Deleted)
                    {
                        paths.Add(path);
                    }

                    last = path;
                },
                Cancel);
            Assert.Equal(Flat(to.Root, "").Select(e => e.Path), paths);
            MergedDifference.Run(to, to, change => Assert.Fail(change.Shown), Cancel);
        },
        iter: 60, threads: 1);

    [Fact]
    public async Task BytesTargetsModesAndAttributesAreCompared()
    {
        MergedTree from = await MergeAsync(new TarBuilder().File("same", "1").File("bytes", "1").File("mode", "1").Symlink("link", "x").Folder("d").File("d/size", "1").File("xattr", "1", pax: "SCHILY.xattr.user.a=1").Build());
        MergedTree to = await MergeAsync(new TarBuilder().Header("same", '0', 1, seconds: 5).Body("1"u8.ToArray()).File("bytes", "2").File("mode", "1", 0x1ED).Symlink("link", "y").Folder("d").File("d/size", "22")
            .File("xattr", "1", pax: "SCHILY.xattr.user.a=2").Build());
        var found = new List<string>();
        MergedDifference.Run(from, to, c => found.Add($"{c.Kind} {c.Shown} {c.Size}"), Cancel);
        Assert.Equal(["Changed /bytes 1", "Changed /d/size 2", "Changed /link 1", "Changed /mode 1", "Changed /xattr 1"], found);
    }

    private static bool IsGone(MergedChange change, MergedTree to, string path) =>
        change.Kind == TreeChangeKind.Deleted || !Flat(to.Root, "").Any(e => e.Path == path && e.IsFolder);

    private static bool HasFileAbove(string path, MergedTree tree) =>
        Flat(tree.Root, "").Any(e => !e.IsFolder && path.StartsWith(e.Path + "/", StringComparison.Ordinal));

    private MergedTree Merge((string Path, int What, int Content)[][] layers)
    {
        var tree = new MergedTree();
        ChainId? chain = null;
        foreach (byte[] archive in layers.Select(entries => Archive(entries, Flat(tree.Root, "").Select(e => e.Path).ToHashSet())))
        {
            chain = CommitAsync(archive, chain).GetAwaiter().GetResult();
            tree.Add(Layers.FilesOf(chain.Value), null, Cancel);
        }

        return tree;
    }

    private async Task<MergedTree> MergeAsync(byte[] archive)
    {
        var tree = new MergedTree();
        tree.Add(Layers.FilesOf(await CommitAsync(archive, null)), null, Cancel);
        return tree;
    }

    private async Task<ChainId> CommitAsync(byte[] archive, ChainId? parent)
    {
        Digest digest = Digest.Of(archive);
        UnpackedLayer layer = await Layers.UnpackAsync(new MemoryStream(archive), _lease, Cancel);
        return await Layers.CommitAsync(layer, parent, digest, new LayerBlob(digest, "tar"), _lease, Cancel);
    }

    // Two entries of one name, or one under a file, are no archive that anybody writes: the later gives way. Nor is a whiteout of nothing: the kernel
    // shows the name of one in a folder that only one layer has, though there is no such file.
    private static byte[] Archive((string Path, int What, int Content)[] entries, IReadOnlySet<string> known)
    {
        bool isOpaque = entries.Any(e => e.What > 3);
        var tar = new TarBuilder();
        var files = new HashSet<string>();
        var all = new HashSet<string>();
        foreach ((string path, int what, int content) in entries)
        {
            string[] above = [.. Enumerable.Range(1, path.Count(c => c == '/')).Select(n => string.Join('/', path.Split('/')[..n]))];
            if ((what == 3 && (isOpaque || !known.Contains(path))) || above.Any(files.Contains) || all.Contains(path) || (what != 1 && all.Any(p => p.StartsWith(path + "/", StringComparison.Ordinal))))
            {
                continue;
            }

            all.Add(path);
            all.UnionWith(above);
            string folder = above.Length > 0 ? above[^1] + "/" : "";
            switch (what)
            {
                case 0: tar.File(path, new string('x', content)); files.Add(path); break;
                case 1: tar.Folder(path, content == 0 ? 0x1C0u : 0x1ED); break;
                case 2: tar.Symlink(path, $"to{content}"); files.Add(path); break;
                case 3: tar.File($"{folder}.wh.{path[folder.Length..]}", ""); files.Add(path); break;
                default: tar.Folder(path).File($"{path}/.wh..wh..opq", ""); break;
            }
        }

        return tar.Build();
    }

    private List<(string Path, bool IsFolder, long Size, uint Mode)> Shown(ChainId chain)
    {
        using FileDescriptor mount = DetachedMount.Create(_root.Services.Snapshots.ViewAsync(chain, Cancel).AsTask().GetAwaiter().GetResult());
        using FileDescriptor view = FileDescriptor.OpenAt(mount, ".", Libc.O_RDONLY | Libc.O_DIRECTORY);
        var entries = new List<(string, bool, long, uint)>();
        TreeWalk.Run(
            view,
            item =>
            {
                bool isFolder = (item.Stat.Mode & Libc.S_IFMT) == Libc.S_IFDIR;
                if (item.Path.Length > 0)
                {
                    entries.Add((Encoding.Latin1.GetString(item.Path), isFolder, isFolder ? 0 : item.Stat.Size, item.Stat.Mode));
                }

                return true;
            });
        return [.. entries.OrderBy(e => e.Item1, StringComparer.Ordinal)];
    }

    private static List<(string Path, bool IsFolder, long Size, uint Mode)> Flat(MergedEntry entry, string path)
    {
        var entries = new List<(string, bool, long, uint)>();
        foreach (MergedEntry child in entry.Ordered())
        {
            string whole = path.Length == 0 ? child.Name : $"{path}/{child.Name}";
            entries.Add((whole, child.Children is not null, child.Children is null ? child.Stat.Size : 0, child.Stat.Mode));
            entries.AddRange(Flat(child, whole));
        }

        return [.. entries.OrderBy(e => e.Item1, StringComparer.Ordinal)];
    }
}
