using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Tests;

namespace Berth.Images.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly TestImages _images = new();

    public void Dispose() => _images.Dispose();

    /// <summary>Debian's own minimal system, against what GNU tar makes of the same archive.</summary>
    [Theory]
    [InlineData("cat")]
    [InlineData("gzip -1")]
    [InlineData("zstd -q -1")]
    public async Task DebianIsTheSameTreeAsTarMakes(string pack)
    {
        string archive = Path.Join(_images.Root.Scratch("in"), "debian");
        TestShell.Run($"{pack} <{DebianArchive.Path} >{archive}");
        string reference = _images.Root.Scratch("reference");
        TestShell.Run($"tar --extract --file {DebianArchive.Path} --directory {reference} --numeric-owner --same-owner --preserve-permissions --xattrs --xattrs-include='*'");

        await using FileStream stream = File.OpenRead(archive);
        var request = new ImportRequest { Reference = ImageReference.Parse("debian"), Changes = ["CMD [\"bash\"]"] };
        await _images.Store.ImportAsync(stream, request, TestContext.Current.CancellationToken);

        ImageRecord image = _images.Store.Resolve("debian");
        Assert.Equal(["bash"], image.Config.Config!.Cmd);
        using FileDescriptor files = FilesOf(image);
        Assert.Equal(TreePrint.Of(reference), TreePrint.Of(files));
    }

    /// <summary>Forms that no layer may have are unpacked on the way in, as by Docker.</summary>
    [Theory]
    [InlineData("xz -0")]
    [InlineData("xz -T2 --block-size=256KiB -C sha256")]
    [InlineData("bzip2 -1")]
    [InlineData("split --bytes=500000 --filter='bzip2 -1'")]
    public async Task PackedWithXzOrBzip2(string pack)
    {
        byte[] content = Content();
        await ImportAsync(Packed(pack, content));
        ImageRecord image = _images.Store.Resolve("packed");
        using FileDescriptor files = FilesOf(image);
        using FileDescriptor file = FileDescriptor.OpenBelow(files, "f", Libc.O_RDONLY);
        using var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(file.Number, ownsHandle: false), FileAccess.Read);
        var found = new MemoryStream();
        await stream.CopyToAsync(found, TestContext.Current.CancellationToken);
        Assert.Equal(content, found.ToArray());
    }

    [Theory]
    [InlineData("gzip -1")]
    [InlineData("zstd -q -1")]
    [InlineData("xz -0")]
    [InlineData("bzip2 -1")]
    public async Task DamageIsSaid(string pack)
    {
        byte[] whole = Packed(pack, Content());
        byte[] changed = [.. whole];
        changed[whole.Length / 2] ^= 0x55;
        foreach ((string what, byte[] damaged) in ((string, byte[])[])[("changed", changed), ("half", whole[..(whole.Length / 2)]), ("head", whole[..9]), ("almost all", whole[..^6])])
        {
            EngineException? refused = await Record.ExceptionAsync(() => ImportAsync(damaged)) as EngineException;
            Assert.Equal((what, EngineErrorKind.Invalid), (what, refused?.Kind));
        }
    }

    private static byte[] Content()
    {
        // Compressible, but not to nothing: a megabyte and a half of words out of a fixed sequence.
        var random = new Random(7);
        return [.. Enumerable.Range(0, 300_000).SelectMany(_ => System.Text.Encoding.ASCII.GetBytes($"{random.Next(5000):0000} "))];
    }

    private byte[] Packed(string pack, byte[] content)
    {
        string folder = _images.Root.Scratch("packed");
        File.WriteAllBytes($"{folder}/plain", new TarBuilder().File("f", content).Build());
        TestShell.Run($"cd {folder} && cat plain | {pack} > out");
        return File.ReadAllBytes($"{folder}/out");
    }

    private Task<Oci.Digests.Digest> ImportAsync(byte[] archive) =>
        _images.Store.ImportAsync(new MemoryStream(archive), new ImportRequest { Reference = ImageReference.Parse("packed") }, TestContext.Current.CancellationToken);

    private FileDescriptor FilesOf(ImageRecord image)
    {
        long id = _images.Root.Services.Database.Read(s => s.Number("SELECT id FROM snapshots WHERE chain_id = @chain", ("@chain", image.Chain.ToString())));
        return FileDescriptor.Open(_images.Root.Root.SnapshotFiles(id), Libc.O_RDONLY | Libc.O_DIRECTORY);
    }
}
