using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Storage.Leases;
using Berth.Storage.Snapshots;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>Archives as real programs write them, and what those programs see in ours.</summary>
public sealed class ForeignArchiveTests(Dockerd dockerd) : IClassFixture<Dockerd>, IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    /// <summary>An image of several layers with changed, removed and replaced files, as dockerd 20.10 saves it: the same id and the same tree.</summary>
    [Fact]
    public async Task AnImageSavedByDockerHasItsIdAndItsTree()
    {
        string archive = Built();
        Digests ids = Ids("built:two", "built:one", "busybox");

        // dockerd walks a map when it saves: the images of an archive come in any order.
        Assert.Equal(((string[])[ids.First, ids.Second, ids.Third]).Order(), (await LoadAsync(archive)).Select(d => d.ToString()).Order());
        Assert.Equal(["Loaded image: built:one", "Loaded image: built:two", "Loaded image: busybox:latest"], _images.Lines.Order(StringComparer.Ordinal));
        ImageRecord image = _images.Store.Resolve("built:two");
        Assert.Equal("made by a test", image.Config.History![^1].Comment);
        Assert.Equal(3, image.Config.RootFs!.DiffIds.Count);
        Assert.Equal(dockerd.Docker("image inspect -f '{{.Size}}' built:two").Trim(), image.Size.ToString(System.Globalization.CultureInfo.InvariantCulture));

        string theirs = Path.Join(_images.Root.Scratch("theirs"));
        dockerd.Docker($"rm -f xx >/dev/null 2>&1; {Docker} create --name xx built:two sh && {Docker} export xx | tar -C {theirs} -xf - --numeric-owner --xattrs --xattrs-include='*'");
        TestShell.Run($"cd {theirs} && rm -rf .dockerenv dev proc sys etc/hosts etc/hostname etc/resolv.conf etc/mtab");
        using FileDescriptor root = await MountAsync(image);
        string ours = $"/proc/{Environment.ProcessId}/fd/{root.Number}";
        TestShell.Run($"cd {ours} && rm -rf dev proc sys etc/hosts etc/hostname etc/resolv.conf etc/mtab");

        // Times of folders that the removals above touched say nothing.
        Assert.Equal(Untimed(TreePrint.Of(theirs)), Untimed(TreePrint.Of(root)));
    }

    /// <summary>skopeo's docker-archive has layers under their digests and links; its OCI layouts have gzip or zstd layers.</summary>
    [Theory]
    [InlineData("docker-archive:{0}:other:tag", "other:tag")]
    [InlineData("oci-archive:{0}:named:tag", "named:tag")]
    [InlineData("oci-archive:{0}", null)]
    [InlineData("--dest-compress-format zstd oci-archive:{0}:z:1", "z:1")]
    public async Task SkopeosArchivesHaveTheSameIdAndTree(string target, string? name)
    {
        string from = BuiltAlone();
        string archive = Path.Join(_images.Root.Scratch("skopeo"), "out.tar");
        string options = target.StartsWith("--", StringComparison.Ordinal) ? target[..target.IndexOf(" oci", StringComparison.Ordinal)] : "";
        TestShell.Run($"skopeo --insecure-policy copy -q {options} docker-archive:{from}:built:two {string.Format(System.Globalization.CultureInfo.InvariantCulture, target[options.Length..], archive)}");

        string id = Assert.Single(await LoadAsync(archive)).ToString();
        ImageRecord image = _images.Store.Resolve(id);
        Assert.Equal(name is null ? [] : [name], image.RepoTags);
        Assert.Equal([name is null ? $"Loaded image ID: {id}" : $"Loaded image: {name}"], _images.Lines);
        Assert.Equal(name is not null && target.Contains("oci", StringComparison.Ordinal) ? 1 : 0, image.RepoDigests.Count);

        await LoadAsync(from);
        using FileDescriptor ours = await MountAsync(image);
        using FileDescriptor reference = await MountAsync(_images.Store.Resolve("built:two"));
        
        // The root's own time is that of the container's folder.
        Assert.Equal(TreePrint.Of(reference).Skip(1), TreePrint.Of(ours).Skip(1));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd -q")]
    public async Task APackedArchiveIsLoadedAsItIs(string pack)
    {
        string archive = Path.Join(_images.Root.Scratch("in"), "packed");
        TestShell.Run($"{pack} <{BusyboxImage.Archive} >{archive}");
        await LoadAsync(archive);
        Assert.Equal(["Loaded image: busybox:latest"], _images.Lines);
    }

    [Fact]
    public async Task DockerLoadsTheBuiltInImageWithTheSameId()
    {
        await LoadAsync(BusyboxImage.Archive);
        dockerd.Docker($"load -q -i {BusyboxImage.Archive}");
        Assert.Equal(dockerd.Docker("image inspect -f '{{.Id}}' busybox").Trim(), _images.Store.Resolve("busybox").Id.ToString());
    }

    private string Docker => $"/usr/bin/docker --host unix://{dockerd.Folder}/docker.sock";

    // Three images in one archive, made once. Layers that two of them share are links in it.
    private string Built() => Saved("built.tar", "built:two built:one busybox");

    // skopeo 1.9 takes a linked layer for an empty one ("write too long"), so it gets an archive without.
    private string BuiltAlone() => Saved("alone.tar", "built:two");

    private string Saved(string file, string images)
    {
        string archive = Path.Join(dockerd.Folder, file);
        lock (dockerd)
        {
            if (!Directory.Exists(Path.Join(dockerd.Folder, "context")))
            {
                Build();
            }

            if (!File.Exists(archive))
            {
                dockerd.Docker($"save -o {archive}.new {images} && mv {archive}.new {archive}");
            }
        }

        return archive;
    }

    // No container runs: files are copied into created ones and committed. A removed file needs one that ran, so that layer is made by hand.
    private void Build()
    {
        string context = Path.Join(dockerd.Folder, "context");
        TestShell.Run(
            $"mkdir -p {context}/app/sub && cd {context} && echo one >app/file && echo gone >app/gone && echo x >app/sub/x && chmod 4755 app/file && chown 7:8 app/gone "
            + "&& ln -s file app/link && ln app/file app/hard && mkfifo app/pipe");
        dockerd.Docker(
            $"load -q -i {BusyboxImage.Archive} && {Docker} create --name one busybox sh && {Docker} cp -a {context}/app one:/app && {Docker} commit one built:one");
        dockerd.Docker(
            $"create --name two built:one sh && upper=$({Docker} inspect -f '{{{{.GraphDriver.Data.UpperDir}}}}' two) && mkdir -p $upper/app && cd $upper/app "
            + "&& mknod gone c 0 0 && mkdir sub && setfattr -n trusted.overlay.opaque -v y sub 2>/dev/null || python3 -c 'import os; os.setxattr(\"sub\", \"trusted.overlay.opaque\", b\"y\")' "
            + $"&& echo two >sub/new && echo changed >file && {Docker} commit -m 'made by a test' two built:two");
    }

    private Digests Ids(string first, string second, string third) => new(Id(first), Id(second), Id(third));

    private string Id(string name) => dockerd.Docker($"image inspect -f '{{{{.Id}}}}' {name}").Trim();

    private async Task<IReadOnlyList<Berth.Oci.Digests.Digest>> LoadAsync(string path)
    {
        await using FileStream archive = File.OpenRead(path);
        return await _images.LoadAsync(archive);
    }

    private async Task<FileDescriptor> MountAsync(ImageRecord image)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Lease lease = await Lease.CreateAsync(_images.Root.Services.Database, "test", cancel);
        FileSystemMount mount = await _images.Root.Services.Snapshots.PrepareAsync(
            new SnapshotKey(Guid.NewGuid().ToString("N")), image.Chain, SnapshotDurability.Volatile, lease, cancel);
        using FileDescriptor detached = DetachedMount.Create(mount);
        return FileDescriptor.Open($"/proc/self/fd/{detached.Number}", Libc.O_RDONLY | Libc.O_DIRECTORY);
    }

    private static IEnumerable<string> Untimed(IEnumerable<string> lines) =>
        lines.Select(l => l.Split(' ') is var parts && parts.Length > 1 && (parts[1].StartsWith('4') || parts[0].Length == 0) ? string.Join(' ', parts.Where((_, i) => i != 3)) : l);

    private sealed record Digests(string First, string Second, string Third);
}
