using System.Buffers.Binary;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Storage.Failpoints;
using Berth.Storage.Snapshots;

using Microsoft.Win32.SafeHandles;

namespace Berth.Storage.Content.Partials;

/// <summary>
/// The file beside a partial blob that says which ranges of it are there: 32 bytes of head (magic, size, boot), then two numbers a range, little
/// endian, only ever appended, each after its bytes were written. A process that is killed loses none of what it wrote, so within one boot all
/// ranges hold; after a restart of the machine only those before the last mark that the bytes were synced.
/// Whatever it says, the blob's digest is computed over all bytes before it gets its name.
/// </summary>
internal sealed class PartialJournal : IDisposable
{
    private const int HeadLength = 32;
    private const int EntryLength = 16;

    /// <summary>A journal grows by 16 bytes for each 256 KiB of its blob: this one is of a blob of 4 TiB.</summary>
    private const long Longest = 256 << 20;

    private static ReadOnlySpan<byte> Magic => "BRTHPRT1"u8;

    private readonly SafeFileHandle _file;
    private readonly Durable _durable;
    private long _end;

    private PartialJournal(SafeFileHandle file, long end, Durable durable) => (_file, _end, _durable) = (file, end, durable);

    /// <summary>The ranges a journal vouches for; null: there is none, or it is damaged or of another size.</summary>
    public static ByteRanges? Read(string path, long size)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > Longest)
            {
                return null;
            }

            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        return Parse(bytes, size, Boot);
    }

    /// <summary>Reads a journal's bytes as in the given boot.</summary>
    internal static ByteRanges? Parse(ReadOnlySpan<byte> bytes, long size, Guid boot)
    {
        if (bytes.Length < HeadLength || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != size)
        {
            return null;
        }

        bool sameBoot = new Guid(bytes[16..32]) == boot;
        var written = new ByteRanges();
        ByteRanges held = sameBoot ? written : new ByteRanges();

        // An entry that was cut off by a kill is as good as none.
        for (ReadOnlySpan<byte> rest = bytes[HeadLength..]; rest.Length >= EntryLength; rest = rest[EntryLength..])
        {
            var range = new ByteRange(BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[8..]));
            if (range == Synced)
            {
                held = sameBoot ? written : new ByteRanges(written.All);
            }
            else if (range.Start < 0 || range.End <= range.Start || range.End > size)
            {
                return null;
            }
            else
            {
                written.Add(range);
            }
        }

        return held;
    }

    /// <summary>Writes a journal of this boot; one that is there is replaced at once or not at all.</summary>
    public static PartialJournal Create(string path, long size, ByteRanges ranges, Durable durable)
    {
        byte[] bytes = new byte[HeadLength + (ranges.All.Count * EntryLength)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), size);
        Boot.TryWriteBytes(bytes.AsSpan(16));
        for (int i = 0; i < ranges.All.Count; i++)
        {
            Write(bytes.AsSpan(HeadLength + (i * EntryLength)), ranges.All[i]);
        }

        string aside = path + ".new";
        var file = new SafeFileHandle(
            FileDescriptor.Open(aside, Libc.O_RDWR | Libc.O_CREAT | Libc.O_TRUNC, 0x180 /* 0600 */).Release(), ownsHandle: true);
        try
        {
            RandomAccess.Write(file, bytes, 0);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            File.Delete(aside);
            throw;
        }

        durable.Step("partial-journal");
        return new PartialJournal(file, bytes.Length, durable);
    }

    /// <summary>Says that ranges are there: their bytes must be written.</summary>
    public void Append(IReadOnlyList<ByteRange> ranges)
    {
        byte[] bytes = new byte[ranges.Count * EntryLength];
        for (int i = 0; i < ranges.Count; i++)
        {
            Write(bytes.AsSpan(i * EntryLength), ranges[i]);
        }

        RandomAccess.Write(_file, bytes, _end);
        _end += bytes.Length;
        _durable.Step("partial-ranges");
    }

    /// <summary>Says that all ranges before were synced, so that they outlast a restart of the machine.</summary>
    public void MarkSynced()
    {
        Append([Synced]);
        RandomAccess.FlushToDisk(_file);
    }

    public void Dispose() => _file.Dispose();

    private static ByteRange Synced => new(-1, -1);

    internal static Guid Boot { get; } = Guid.Parse(LayerSync.Boot);

    private static void Write(Span<byte> entry, ByteRange range)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, range.Start);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], range.End);
    }
}
