using System.Globalization;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Oci.Digests;
using Berth.Storage.Layers;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Storage.Tar;
using Berth.Tests;

namespace Berth.Storage.Tests.Layers;

/// <summary>Changes made through a real overlay, archived from its folders, give the same tree again wherever the archive is unpacked.</summary>
public sealed class LayerArchiverTests : IAsyncLifetime
{
    private readonly TestRoot _root = new();
    private Lease _lease = null!;
    private int _keys;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LayerArchiver Archiver => new(_root.Root, _root.Services.Snapshots);

    public async ValueTask InitializeAsync() => _lease = await Lease.CreateAsync(_root.Services.Database, "test", Cancel);

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Random work over random work: the layer of the upper folder, unpacked over the same parent, shows what the container saw.</summary>
    [Fact]
    public async Task ALayerBringsTheSameTree()
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            ChainId below = await ChangeAndPackAsync(null, Work(seed * 1000), 0);
            SnapshotKey key = await ChangeAsync(below, Work(seed));
            List<string> seen = await SeenAsync(key);
            ChainId chain = await PackAsync(key, below, 0);
            Assert.Equal(seen, await SeenAsync(chain));
        }
    }

    /// <summary>Several layers as one, over the layer that stays below and over nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SeveralLayersBecomeOne(int squashed)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            var chains = new List<ChainId?> { null };
            for (int layer = 1; layer <= 3; layer++)
            {
                chains.Add(await ChangeAndPackAsync(chains[^1], Work((seed * 100) + layer), 0));
            }

            SnapshotKey key = await ChangeAsync(chains[^1], Work(seed * 7));
            List<string> seen = await SeenAsync(key);
            ChainId chain = await PackAsync(key, chains[^(squashed + 1)], squashed);
            Assert.Equal(seen, await SeenAsync(chain));
        }
    }

    [Fact]
    public async Task AWholeFileSystemIsReadWithoutAMount()
    {
        ChainId below = await ChangeAndPackAsync(null, Work(77), 0);
        SnapshotKey key = await ChangeAsync(below, Work(78));
        string archive = Path.Join(_root.Scratch("out"), "whole.tar");
        await using (FileStream file = File.Create(archive))
        {
            Archiver.WriteWhole(key, file, Cancel);
        }

        string theirs = _root.Scratch("theirs");
        TestShell.Run($"cd {theirs} && tar --numeric-owner --xattrs --xattrs-include='*' -xpf {archive}");
        FileSystemMount mount = (await _root.Services.Snapshots.MountAsync(key, Cancel)).WithLowestLower(_root.Root.InitLayer);
        Assert.Equal(Seen(mount), TreePrint.Of(theirs).Skip(1));
    }

    [Fact]
    public async Task OnlyWhatChangedIsInIt()
    {
        ChainId below = await ChangeAndPackAsync(
            null, "mkdir -p big/empty old etc; head -c 3000000 /dev/zero >big/file; echo a >etc/a; echo b >old/b; echo c >gone; ln -s a etc/link", 0);
        SnapshotKey key = await ChangeAsync(below, "echo more >>etc/a; rm gone; rm -r old; mkdir old; echo new >old/new; mkdir -m 2750 made; ln etc/a made/same; mkfifo f; python3 -c 'import socket;socket.socket(socket.AF_UNIX).bind(\"s\")'");
        Assert.Equal(
            [
                "etc/ Folder", "etc/a File 7", ".wh.gone File 0", "f Fifo", "made/ Folder", "made/same HardLink etc/a", "old/ Folder", "old/.wh..wh..opq File 0", "old/new File 4",
            ],
            Entries(Bytes(key)).OrderBy(e => e.Contains("gone", StringComparison.Ordinal) ? "etd" : e, StringComparer.Ordinal));
        Assert.True(Bytes(key).Length < 20_000);
        Assert.Equal(Bytes(key), Bytes(key));
    }

    [Fact]
    public async Task CapabilitiesStayAndOverlaysOwnAttributesDoNot()
    {
        ChainId below = await ChangeAndPackAsync(null, "echo x >p; mkdir d; echo y >d/y", 0);
        SnapshotKey key = await ChangeAsync(below, "setcap cap_net_raw+ep p; " + SetXattr("p", "user.k", "v") + "; rm -r d; mkdir d");
        List<TarEntry> entries = Read(Bytes(key));
        Assert.Equal(["security.capability", "user.k"], entries.Single(e => e.ShownName == "p").Xattrs.Select(x => Encoding.UTF8.GetString(x.Name)));
        Assert.Empty(entries.Single(e => e.ShownName == "d/").Xattrs);
    }

    [Fact]
    public async Task NothingChangedIsAnEmptyLayer()
    {
        ChainId below = await ChangeAndPackAsync(null, "echo x >p", 0);
        SnapshotKey key = await ChangeAsync(below, "true");
        Assert.Equal(new byte[1024], Bytes(key));
    }

    [Fact]
    public async Task AFileWhoseNameMeansADeletionIsRefused()
    {
        SnapshotKey key = await ChangeAsync(null, "mkdir d; echo x >d/.wh.secret");
        Assert.Contains("/d/.wh.secret", Assert.Throws<TarException>(() => Bytes(key)).Message, StringComparison.Ordinal);
        Archiver.WriteWhole(key, Stream.Null, Cancel);
    }

    /// <summary>While a container works, every archive is whole: what is in it was there at some time.</summary>
    [Fact]
    public async Task ARunningContainerDoesNotBreakIt()
    {
        ChainId below = await ChangeAndPackAsync(null, "mkdir -p a/b; echo x >a/b/x", 0);
        var key = new SnapshotKey("running");
        FileSystemMount mount = await _root.Services.Snapshots.PrepareAsync(key, below, SnapshotDurability.Durable, _lease, Cancel);
        using FileDescriptor root = DetachedMount.Create(mount);
        using var stop = new CancellationTokenSource();
        Task worker = Task.Run(
            () =>
            {
                string at = $"/proc/self/fd/{root.Number}/a";
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    string file = $"{at}/f{i % 7}", folder = $"{at}/d{i % 5}";
                    File.WriteAllBytes(file, new byte[i % 3 * 100_000]);
                    Directory.CreateDirectory(folder);
                    File.Move(file, $"{folder}/moved", overwrite: true);
                    if (i % 2 == 0)
                    {
                        Directory.Delete(folder, recursive: true);
                        File.CreateSymbolicLink(folder, "/etc/passwd");
                        File.Delete(folder);
                    }
                }
            },
            Cancel);
        for (int i = 0; i < 300; i++)
        {
            Assert.All(Read(Bytes(key)), e => Assert.StartsWith("a/", e.ShownName, StringComparison.Ordinal));
            Archiver.WriteWhole(key, Stream.Null, Cancel);
        }

        await stop.CancelAsync();
        await worker;
    }

    // Files, folders, links, devices and attributes, made, changed, replaced by each other, moved and removed, below names that meet often.
    private static string Work(int seed)
    {
        var random = new Random(seed);
        var script = new StringBuilder();
        for (int i = 0; i < 40; i++)
        {
            string a = Name(), b = Name();
            string act = random.Next(16) switch
            {
                0 or 1 or 2 => $"mkdir -p {a}",
                3 or 4 => $"test -p {a} || echo {i} >{a}",
                5 => $"test -p {a} || head -c {random.Next(200_000)} /dev/zero >>{a}",
                6 => $"rm -rf {a}",
                7 => $"rm -rf {a}; mkdir -p {a}/n; echo {i} >{a}/n/f",
                8 => $"mv -T {a} {b}",
                9 => $"ln -f {a} {b}",
                10 => $"ln -sfn {b} {a}",
                11 => $"chmod {random.Next(0x1000).ToString("x", CultureInfo.InvariantCulture).Select(c => (char)('0' + (c % 8))).Aggregate("", (s, c) => s + c)} {a}",
                12 => $"chown -h {random.Next(70_000)}:{random.Next(70_000)} {a}",
                13 => $"test -f {a} -a ! -L {a} && {SetXattr(a, $"user.n{random.Next(3)}", $"{i}")}",
                14 => $"rm -rf {a}; mknod {a} {(random.Next(2) == 0 ? "p" : "c 1 3")}",
                _ => $"touch -h -d @{random.Next(2_000_000_000)}.{random.Next(1_000_000_000):D9} {a}",
            };
            script.Append(CultureInfo.InvariantCulture, $"( {act} ) 2>/dev/null || true\n");
        }

        return script.ToString();

        string Name() => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => "abc"[random.Next(3)]));
    }

    private static string SetXattr(string file, string name, string value) =>
        $"/usr/bin/python3 -c 'import os; os.setxattr(\"{file}\", \"{name}\", b\"{value}\")'";

    private async Task<SnapshotKey> ChangeAsync(ChainId? parent, string script)
    {
        var key = new SnapshotKey($"k{++_keys}");
        FileSystemMount mount = await _root.Services.Snapshots.PrepareAsync(key, parent, SnapshotDurability.Durable, _lease, Cancel);
        using FileDescriptor root = DetachedMount.Create(mount);
        string file = Path.Join(_root.Scratch("scripts"), key.Value);
        await File.WriteAllTextAsync(file, script, Cancel);
        TestShell.Run($"cd /proc/{Environment.ProcessId}/fd/{root.Number} && umask 022 && source {file}");
        return key;
    }

    private async Task<ChainId> ChangeAndPackAsync(ChainId? parent, string script, int squashed) => await PackAsync(await ChangeAsync(parent, script), parent, squashed);

    private async Task<ChainId> PackAsync(SnapshotKey key, ChainId? parent, int squashed)
    {
        var bytes = new MemoryStream();
        Archiver.WriteChanges(key, squashed, bytes, Cancel);
        bytes.Position = 0;
        UnpackedLayer layer = await _root.Services.Layers.UnpackAsync(bytes, _lease, Cancel);
        Digest diffId = Digest.Of(bytes.ToArray());
        return await _root.Services.Layers.CommitAsync(layer, parent, diffId, new LayerBlob(diffId, "test"), _lease, Cancel);
    }

    private async Task<List<string>> SeenAsync(SnapshotKey key) => Seen(await _root.Services.Snapshots.MountAsync(key, Cancel));

    private async Task<List<string>> SeenAsync(ChainId chain) => Seen(await _root.Services.Snapshots.ViewAsync(chain, Cancel));

    // Without the root's own line: a layer that does not change it says nothing of its time.
    private static List<string> Seen(FileSystemMount mount)
    {
        using FileDescriptor root = DetachedMount.Create(mount);
        using FileDescriptor top = FileDescriptor.OpenBelow(root, ".", Libc.O_RDONLY | Libc.O_DIRECTORY);
        return [.. TreePrint.Of(top).Skip(1)];
    }

    private byte[] Bytes(SnapshotKey key)
    {
        var bytes = new MemoryStream();
        Archiver.WriteChanges(key, 0, bytes, Cancel);
        return bytes.ToArray();
    }

    private static List<TarEntry> Read(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default);
        var entries = new List<TarEntry>();
        while (reader.Next() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static IEnumerable<string> Entries(byte[] archive) => Read(archive).Select(e => e.Type switch
    {
        TarEntryType.File => $"{e.ShownName} File {e.Size}",
        TarEntryType.HardLink => $"{e.ShownName} HardLink {Encoding.UTF8.GetString(e.LinkName)}",
        _ => $"{e.ShownName} {e.Type}",
    });
}
