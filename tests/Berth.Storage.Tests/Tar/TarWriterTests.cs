using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Trees;
using Berth.Storage.Tar;
using Berth.Tests;

using CsCheck;

namespace Berth.Storage.Tests.Tar;

/// <summary>What is written is read again: by our reader, whatever it was; and by GNU tar and Python as files of a real tree.</summary>
public sealed class TarWriterTests
{
    // Short ones, ones about the length of the header's fields, of any bytes or with many slashes.
    private static readonly Gen<byte[]> GenName = Gen.OneOf(
        Gen.Byte.Array[1, 20], Gen.Byte.Array[95, 110], Gen.Byte.Array[1, 300],
        Gen.Byte[0, 2].Select(b => "/ab"u8[b]).Array[90, 270]).Select(Name);

    private static readonly Gen<TreeXattr> GenXattr =
        Gen.Select(Gen.Byte[1, 40], Gen.Byte.Array[0, 300]).Select((n, v) => new TreeXattr([.. "user."u8, .. Name([n, 1, n]).Where(b => b != '=')], v));

    private static readonly Gen<TarEntry> GenEntry = Gen.Select(
        Gen.Enum<TarEntryType>(), GenName, GenName, Gen.UInt[0, 0xFFF],
        Gen.Select(GenNumber(uint.MaxValue), GenNumber(uint.MaxValue), GenNumber(1L << 40), Gen.UInt[0, 999_999_999]),
        Gen.Select(GenXattr.Array[0, 3], Gen.Int[0, 1500], Gen.UInt[0, 0xFFF], Gen.String[Gen.Char.AlphaNumeric, 0, 40])).Select(Entry);

    [Fact]
    public void OurReaderGivesEverythingBack() => GenEntry.Array[0, 8].Sample(
        entries =>
        {
            byte[] archive = Write(entries);
            var reader = new TarReader(new MemoryStream(archive), TarLimits.Default);
            foreach (TarEntry entry in entries)
            {
                TarEntry read = reader.Next()!;
                Assert.Equal(Describe(entry), Describe(read));
                Assert.Equal(entry.Type == TarEntryType.File ? Content(entry.Size) : [], entry.Type == TarEntryType.File ? reader.ReadAll(read, 1 << 20) : []);
            }

            Assert.Null(reader.Next());
            Assert.Equal(0, archive.Length % 512);
        },
        iter: 2000);

    [Fact]
    public void TheSameEntriesGiveTheSameBytes()
    {
        TarEntry plain = new() { Name = "a"u8.ToArray(), Size = 3, Mode = 0x1A4, Seconds = 1_600_000_000, Uid = 1000 };
        Assert.Equal(Write([plain]), Write([plain]));

        // Whatever else changes, this does not: a layer's digest stands on it.
        Assert.Equal("136DEE9B299FA5DA", Convert.ToHexString(SHA256.HashData(Write([plain])))[..16]);
        TarEntry pax = plain with { Nanoseconds = 500, Xattrs = [new("user.z"u8.ToArray(), [0, 10]), new("user.a"u8.ToArray(), [])], Uid = 1L << 30 };
        Assert.Equal(Write([pax]), Write([pax with { Xattrs = [.. pax.Xattrs.Reverse()] }]));
    }

    [Fact]
    public void AFileThatFitsUstarHasNoOtherHeader()
    {
        string longName = $"{new string('p', 150)}/{new string('n', 100)}";
        byte[] archive = Write([new TarEntry { Name = Encoding.ASCII.GetBytes(longName), Seconds = 1 }]);
        Assert.Equal(512 + 1024, archive.Length);
        Assert.Equal(longName, new TarReader(new MemoryStream(archive), TarLimits.Default).Next()!.ShownName);
    }

    [Fact]
    public void AnAttributeThatWouldBeCutIsRefused() => Assert.Contains(
        "user.a=b of f", Assert.Throws<TarException>(() => Write([new TarEntry { Name = "f"u8.ToArray(), Xattrs = [new("user.a=b"u8.ToArray(), [])] }])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void AnEntryWithoutAllItsBytesIsNoEntry()
    {
        var writer = new TarWriter(new MemoryStream());
        writer.Begin(new TarEntry { Name = "f"u8.ToArray(), Size = 10 });
        writer.Write("12345"u8);
        Assert.Throws<InvalidOperationException>(writer.Finish);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(new byte[6]));
        writer.Fill();
        writer.Finish();
    }

    [Theory]
    [InlineData("tar --numeric-owner --xattrs --xattrs-include=* -xpf")]
    [InlineData("python3 -c 'import sys,tarfile; tarfile.open(sys.argv[1]).extractall(numeric_owner=True)'")]
    public void OtherProgramsReadIt(string program)
    {
        using var root = new TestRoot();
        string archive = Path.Join(root.Scratch("made"), "a.tar"), theirs = root.Scratch("theirs");
        bool xattrs = program.StartsWith("tar", StringComparison.Ordinal);
        TarEntry[] entries = [.. Samples().Select(e => xattrs ? e : e with { Xattrs = [] })];
        File.WriteAllBytes(archive, Write(entries));
        TestShell.Run($"cd {theirs} && {program} {archive}");

        var expected = entries.Where(e => e.Type != TarEntryType.HardLink).ToDictionary(e => Encoding.UTF8.GetString(e.Name).TrimEnd('/'));
        int found = 0;
        using FileDescriptor folder = FileDescriptor.Open(theirs, Libc.O_RDONLY | Libc.O_DIRECTORY);
        TreeWalk.Run(folder, item =>
        {
            if (expected.TryGetValue(Encoding.UTF8.GetString(item.Path), out TarEntry? entry))
            {
                found++;
                Compare(entry, item, nanoseconds: xattrs);
            }

            return true;
        });
        Assert.Equal(expected.Count, found);
        Assert.Equal(TestShell.Run($"cd {theirs} && stat -c %i file"), TestShell.Run($"cd {theirs} && stat -c %i again"));
    }

    internal static byte[] Write(IReadOnlyList<TarEntry> entries)
    {
        var bytes = new MemoryStream();
        var writer = new TarWriter(bytes);
        foreach (TarEntry entry in entries)
        {
            writer.Begin(entry);
            if (entry.Type == TarEntryType.File)
            {
                writer.Write(Content(entry.Size));
            }
        }

        writer.Finish();
        return bytes.ToArray();
    }

    private static IEnumerable<TarEntry> Samples()
    {
        string deep = string.Join('/', Enumerable.Repeat("a-folder-with-a-name-of-some-length", 9));
        var file = new TarEntry { Type = TarEntryType.File, Mode = 0x1A4, Seconds = 1_700_000_000, Nanoseconds = 123_456_700, Uid = 12, Gid = 13 };
        yield return file with { Type = TarEntryType.Folder, Name = "folder/"u8.ToArray(), Mode = 0x3C0 | 0x200 };
        yield return file with { Name = "file"u8.ToArray(), Size = 70_001, Mode = 0x9ED /* setuid */, Xattrs = [new("user.k"u8.ToArray(), [1, 0, 10, 255])] };
        yield return file with { Type = TarEntryType.HardLink, Name = "again"u8.ToArray(), LinkName = "file"u8.ToArray(), Mode = 0x9ED };
        yield return file with { Name = Encoding.UTF8.GetBytes(deep + "/ü"), Size = 5 };
        yield return file with { Type = TarEntryType.Symlink, Name = "link"u8.ToArray(), LinkName = Encoding.UTF8.GetBytes(deep), Mode = 0x1FF };
        yield return file with { Type = TarEntryType.Fifo, Name = "fifo"u8.ToArray() };
        yield return file with { Type = TarEntryType.CharacterDevice, Name = "null"u8.ToArray(), DeviceMajor = 1, DeviceMinor = 3 };
        yield return file with { Type = TarEntryType.BlockDevice, Name = "disk"u8.ToArray(), DeviceMajor = 259, DeviceMinor = 70_000 };
        yield return file with { Name = "old"u8.ToArray(), Seconds = -2, Nanoseconds = 750_000_000, Uid = 3_000_000_000, Gid = 4_000_000_000 };
    }

    private static void Compare(TarEntry entry, TreeItem item, bool nanoseconds)
    {
        TreeStat stat = item.Stat;
        Assert.Equal((entry.Uid, entry.Gid, entry.Type == TarEntryType.Symlink ? 0x1FF : entry.Mode), (stat.Uid, stat.Gid, stat.Mode & 0xFFF));
        Assert.Equal((entry.DeviceMajor, entry.DeviceMinor), (stat.DeviceMajor, stat.DeviceMinor));
        if (nanoseconds)
        {
            Assert.Equal((entry.Seconds, entry.Nanoseconds), (stat.Seconds, stat.Nanoseconds));
        }

        Assert.Equal(entry.Xattrs.Select(x => Convert.ToHexString(x.Value)), item.ReadXattrs().Select(x => Convert.ToHexString(x.Value)));
        if (entry.Type == TarEntryType.File)
        {
            using FileDescriptor file = item.OpenFile();
            Assert.Equal(Content(entry.Size), File.ReadAllBytes($"/proc/self/fd/{file.Number}"));
        }

        if (entry.Type == TarEntryType.Symlink)
        {
            Assert.Equal(entry.LinkName, item.ReadLink());
        }
    }

    private static byte[] Content(long size) => [.. Enumerable.Range(0, (int)size).Select(i => (byte)(i * 7))];

    private static Gen<long> GenNumber(long largest) => Gen.OneOf(Gen.Long[0, 3000], Gen.Long[(1 << 21) - 3, (1 << 21) + 3], Gen.Long[0, largest]);

    // No zero, and no slash at the ends.
    private static byte[] Name(byte[] bytes) =>
        [.. bytes.Select((b, i) => b == 0 ? (byte)1 : b == '/' && (i == 0 || i == bytes.Length - 1) ? (byte)'x' : b)];

    private static TarEntry Entry(
        TarEntryType type, byte[] name, byte[] link, uint mode, (long Uid, long Gid, long Seconds, uint Nanoseconds) numbers,
        (TreeXattr[] Xattrs, int Size, uint Device, string Owner) more) => new()
        {
            Type = type, Name = type == TarEntryType.Folder ? [.. name, (byte)'/'] : name,
            LinkName = type is TarEntryType.HardLink or TarEntryType.Symlink ? link : [], Mode = mode,
            Uid = numbers.Uid, Gid = numbers.Gid, Seconds = numbers.Seconds - (1L << 39), Nanoseconds = numbers.Nanoseconds,
            Xattrs = [.. more.Xattrs.DistinctBy(x => Convert.ToHexString(x.Name)).OrderBy(x => Convert.ToHexString(x.Name), StringComparer.Ordinal)],
            Size = type == TarEntryType.File ? more.Size : 0, UserName = more.Owner, GroupName = more.Owner,
            DeviceMajor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? more.Device : 0,
            DeviceMinor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? more.Device * 3 : 0,
        };

    private static string Describe(TarEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Type} {Convert.ToHexString(entry.Name)} {Convert.ToHexString(entry.LinkName)} {entry.Mode} {entry.Uid}:{entry.Gid} {entry.UserName}:{entry.GroupName} {entry.Size} {entry.Seconds}.{entry.Nanoseconds} {entry.DeviceMajor},{entry.DeviceMinor} {string.Join(' ', entry.Xattrs.Select(x => $"{Convert.ToHexString(x.Name)}={Convert.ToHexString(x.Value)}"))}");
}
