using System.Text;

using Berth.Fuzz.Mutations;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Layers;
using Berth.Storage.Tar;

namespace Berth.Fuzz.Targets;

/// <summary>Archives: read, and unpacked as a layer beside a canary, which must be as it was.</summary>
internal sealed class TarTarget : IFuzzTarget
{
    private static readonly TarLimits Small = new() { TotalSize = 4 << 20, Entries = 1000, SparsePieces = 1000 };

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-fuzz-").FullName;
    private readonly TarMaker _maker;
    private readonly string _before;
    private int _last;

    public TarTarget()
    {
        string canary = Path.Join(_folder, "canary");
        Directory.CreateDirectory(Path.Join(canary, "folder"));
        File.WriteAllText(Path.Join(canary, "kept"), "kept");
        _maker = new TarMaker(canary);
        _before = Outside();
    }

    public string Name => "tar";

    public void Try(Random random)
    {
        byte[] archive = _maker.Make(random);
        Read(archive);
        string root = Path.Join(_folder, $"layer{++_last}", "fs");
        Directory.CreateDirectory(root);
        try
        {
            Unpack(archive, root);
            Stays(root);
        }
        finally
        {
            TreeRemoval.Remove(Path.GetDirectoryName(root)!);
        }
    }

    public void Dispose() => TreeRemoval.Remove(_folder);

    private static void Read(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream(archive), Small);
        try
        {
            while (reader.Next() is { } entry)
            {
                long end = 0;
                ReadOnlySpan<byte> bytes;
                while (!(bytes = reader.ReadData(out long offset)).IsEmpty)
                {
                    if (offset < end || offset + bytes.Length > entry.Size)
                    {
                        throw new FuzzFailure($"{entry.ShownName}: bytes at {offset}, after those to {end}, of a file of {entry.Size}");
                    }

                    end = offset + bytes.Length;
                }

                _ = TarPath.Clean(entry.Name);
            }
        }
        catch (TarException)
        {
            // Refused, as it should be.
        }
        catch (Exception e) when (e is not FuzzFailure)
        {
            throw FuzzFailure.Undeclared("reading", e);
        }
    }

    private static void Unpack(byte[] archive, string root)
    {
        try
        {
            using var tree = new TreeWriter(FileDescriptor.Open(root, Libc.O_RDONLY | Libc.O_DIRECTORY));
            new LayerUnpacker(tree, new TarReader(new MemoryStream(archive), Small), CancellationToken.None).Run();
        }
        catch (Exception e) when (e is TarException or LinuxException)
        {
            // Refused: by us, or by the kernel.
        }
        catch (Exception e)
        {
            throw FuzzFailure.Undeclared("unpacking", e);
        }
    }

    private void Stays(string root)
    {
        string after = Outside();
        if (after != _before)
        {
            throw new FuzzFailure($"outside of the layer there was\n{_before}\nand is\n{after}");
        }

        string[] beside = Directory.GetFileSystemEntries(Path.GetDirectoryName(root)!);
        if (beside is not [var only] || only != root || Directory.GetFileSystemEntries(_folder).Length != 2)
        {
            throw new FuzzFailure($"beside the layer is {string.Join(' ', beside)}; {string.Join(' ', Directory.GetFileSystemEntries(_folder))}");
        }
    }

    // With the number of links: a hard link from the layer to the canary would be a way out.
    private string Outside()
    {
        var text = new StringBuilder();
        // Not further down: a link that an archive got there may lead anywhere.
        string canary = Path.Join(_folder, "canary"), folder = Path.Join(canary, "folder");
        foreach (string path in (string[])[canary, .. Directory.GetFileSystemEntries(canary).Order(StringComparer.Ordinal), folder, .. Directory.GetFileSystemEntries(folder)])
        {
            using FileDescriptor entry = FileDescriptor.Open(path, Libc.O_PATH | Libc.O_NOFOLLOW);
            _ = TreeCalls.Stat(entry, default, out TreeStat stat);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{path} {stat} {((stat.Mode & 0xF000) == 0x8000 ? File.ReadAllText(path) : "")}");
        }

        return text.ToString();
    }
}
