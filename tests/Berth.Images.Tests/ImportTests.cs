using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Oci.References;
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

    private FileDescriptor FilesOf(ImageRecord image)
    {
        long id = _images.Root.Services.Database.Read(s => s.Number("SELECT id FROM snapshots WHERE chain_id = @chain", ("@chain", image.Chain.ToString())));
        return FileDescriptor.Open(_images.Root.Root.SnapshotFiles(id), Libc.O_RDONLY | Libc.O_DIRECTORY);
    }
}
