using System.Text;

using Berth.Storage.Tar;
using Berth.Tests;

namespace Berth.Storage.Tests.Tar;

public sealed class TarReaderTests
{
    private static readonly string[] SparseForms = ["oldgnu", "0.0", "0.1", "1.0"];

    [Fact]
    public void PaxHeadersOverrideTheHeader()
    {
        string longName = string.Join('/', Enumerable.Repeat("folder-with-a-long-name", 20));
        byte[] archive = new TarBuilder()
            .File("short", "text", pax: $"path={longName}\nuid=4000000000\ngid=7\nuname=bö\nmtime=1700000000.123456789")
            .File("next", "x")
            .Build();

        List<TarEntry> entries = Read(archive);
        Assert.Equal(longName, entries[0].ShownName);
        Assert.Equal((4000000000, 7, "bö"), (entries[0].Uid, entries[0].Gid, entries[0].UserName));
        Assert.Equal((1700000000, 123456789u), (entries[0].Seconds, entries[0].Nanoseconds));
        Assert.Equal(("next", 0L, 1600000000L), (entries[1].ShownName, entries[1].Uid, entries[1].Seconds));
    }

    [Theory]
    [InlineData("mtime=-1.25", -2, 750000000u)]
    [InlineData("mtime=-3", -3, 0u)]
    [InlineData("mtime=12.5", 12, 500000000u)]
    [InlineData("mtime=1.1234567899", 1, 123456789u)]
    [InlineData("mtime=-0.5", -1, 500000000u)]
    public void TimesHaveAnyFraction(string record, long seconds, uint nanoseconds)
    {
        TarEntry entry = Assert.Single(Read(new TarBuilder().File("f", "", pax: record).Build()));
        Assert.Equal((seconds, nanoseconds), (entry.Seconds, entry.Nanoseconds));
    }

    /// <summary>A value may hold line ends, zeros and bytes that are no text: security.capability does.</summary>
    [Fact]
    public void ExtendedAttributesAreBytes()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i), (byte)'\n', (byte)'9', (byte)' ', (byte)'a', (byte)'=', (byte)'\n'];
        byte[] record = TarBuilder.Record([.. "SCHILY.xattr.user.any"u8, (byte)'=', .. value]);
        TarEntry entry = Assert.Single(Read(new TarBuilder().PaxRaw(record).File("f", "").Build()));
        Assert.Equal("user.any", Encoding.UTF8.GetString(Assert.Single(entry.Xattrs).Name));
        Assert.Equal(value, entry.Xattrs[0].Value);
    }

    [Fact]
    public void GlobalHeadersHoldForAllThatFollow()
    {
        byte[] archive = new TarBuilder().Pax("uid=5\nmtime=9", 'g').File("a", "").File("b", "", pax: "uid=6").Folder("c").Build();
        Assert.Equal([5, 6, 5], Read(archive).Select(e => e.Uid));
    }

    [Fact]
    public void NumbersAreOctalOrBase256()
    {
        byte[] archive = new TarBuilder()
            .Header("big", '0', 0, change: b => { b.AsSpan(108, 8).Clear(); b.AsSpan(124, 12).Clear(); (b[108], b[112], b[124]) = (0x80, 1, 0x80); })
            .Header("negative", '0', 0, change: b => b.AsSpan(136, 12).Fill(0xFF))
            .Header("spaces", '0', 0, change: b => TarBuilder.Put(b, 108, "    17 \0"))
            .Build();
        List<TarEntry> entries = Read(archive);
        Assert.Equal(1L << 24, entries[0].Uid);
        Assert.Equal(-1, entries[1].Seconds);
        Assert.Equal(15, entries[2].Uid);
    }

    [Fact]
    public void UstarPrefixesAndGnuLongNamesAreJoined()
    {
        string deep = new('d', 120);
        byte[] archive = new TarBuilder()
            .Header("name", '0', 0, change: b => TarBuilder.Put(b, 345, "pre/fix"))
            .Header("././@LongLink", 'L', deep.Length + 1).Body(Encoding.ASCII.GetBytes(deep + "\0"))
            .Header("././@LongLink", 'K', 6).Body(Encoding.ASCII.GetBytes("target"))
            .Header("cut", '2', 0, "cut")
            .Build();
        List<TarEntry> entries = Read(archive);
        Assert.Equal("pre/fix/name", entries[0].ShownName);
        Assert.Equal((deep, "target"), (entries[1].ShownName, Encoding.ASCII.GetString(entries[1].LinkName)));
    }

    [Fact]
    public void TypesAreTold()
    {
        byte[] archive = new TarBuilder()
            .File("f", "abc").Folder("d/").Header("old/", '\0', 0).Symlink("s", "f").HardLink("h", "f")
            .Header("c", '3', 0, major: 1, minor: 3).Header("b", '4', 0, major: 8, minor: 0).Header("p", '6', 0).Header("contiguous", '7', 0)
            .Build();
        Assert.Equal(
            [
                TarEntryType.File, TarEntryType.Folder, TarEntryType.Folder, TarEntryType.Symlink, TarEntryType.HardLink, TarEntryType.CharacterDevice,
                TarEntryType.BlockDevice, TarEntryType.Fifo, TarEntryType.File,
            ],
            Read(archive).Select(e => e.Type));
        Assert.Equal((1u, 3u), (Read(archive)[5].DeviceMajor, Read(archive)[5].DeviceMinor));
    }

    /// <summary>What GNU tar writes in each of its forms, read back.</summary>
    [Fact]
    public void SparseFilesOfEveryFormAreExpanded()
    {
        string folder = Directory.CreateTempSubdirectory("berth-tar-").FullName;
        try
        {
            string file = Path.Join(folder, "sparse");
            byte[] expected = new byte[3_000_001];
            using (FileStream stream = File.Create(file))
            {
                for (int i = 0; i < 30; i++)
                {
                    stream.Position = (i * 100_000) + 17;
                    stream.Write("data"u8);
                    "data"u8.CopyTo(expected.AsSpan((int)stream.Position - 4));
                }

                stream.SetLength(expected.Length);
            }

            foreach (string form in SparseForms)
            {
                string format = form == "oldgnu" ? "--format=gnu --sparse" : $"--format=posix --sparse --sparse-version={form}";
                string archive = Path.Join(folder, "archive.tar");
                TestShell.Run($"tar -C {folder} {format} -cf {archive} sparse");
                var reader = new TarReader(File.OpenRead(archive), TarLimits.Default);
                TarEntry entry = reader.Next()!;
                Assert.Equal(("sparse", expected.Length), (entry.ShownName, (int)entry.Size));
                Assert.NotNull(entry.Sparse);
                Assert.Equal(expected, reader.ReadAll(entry, expected.Length));
                Assert.Null(reader.Next());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void UnreadDataIsSkipped()
    {
        byte[] archive = new TarBuilder().File("a", new byte[700_000]).File("b", "second").Build();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default);
        reader.Next();
        reader.ReadData(out _);
        TarEntry b = reader.Next()!;
        Assert.Equal("second", Encoding.UTF8.GetString(reader.ReadAll(b, 100)));
    }

    [Fact]
    public void AnArchiveMayEndWithoutItsZeroBlocks() => Assert.Single(Read(new TarBuilder().File("a", "x").BuildUnended()));

    public static TheoryData<string, byte[]> Hostile() => new()
    {
        { "cut short", new TarBuilder().File("a", new byte[600]).BuildUnended()[..900] },
        { "checksum", Flip(new TarBuilder().File("a", "x").Build(), 0) },
        { "unknown type", new TarBuilder().Header("a", 'Q', 0).Build() },
        { "zero byte", new TarBuilder().PaxRaw(TarBuilder.Record([.. "path=a"u8, 0, .. "b"u8])).File("a", "").Build() },
        { "wrong length", new TarBuilder().PaxRaw("99999 path=a\n"u8.ToArray()).File("a", "").Build() },
        { "wrong length", new TarBuilder().PaxRaw("2 path=a\n"u8.ToArray()).File("a", "").Build() },
        { "wrong length", new TarBuilder().PaxRaw("-5 path=a\n"u8.ToArray()).File("a", "").Build() },
        { "no name", new TarBuilder().PaxRaw("6 =ab\n"u8.ToArray()).File("a", "").Build() },
        { "not a number", new TarBuilder().File("a", "", pax: "size=1x").Build() },
        { "negative size", new TarBuilder().File("a", "", pax: "size=-1").Build() },
        { "not a time", new TarBuilder().File("a", "", pax: "mtime=1.x").Build() },
        { "not a number", new TarBuilder().Header("a", '0', 0, change: b => TarBuilder.Put(b, 108, "12x4567")).Build() },
        { "not a number", new TarBuilder().Header("a", '0', 0, change: b => b.AsSpan(124, 12).Fill(0xBF)).Build() },
        { "more than 1048576", new TarBuilder().Header("a", 'x', 1 << 30).Build() },
        { "more than 4095", new TarBuilder().File("a", "", pax: "path=" + new string('n', 5000)).Build() },
        { "ends after an extended header", new TarBuilder().Pax("path=a").Build() },
        { "overlap", new TarBuilder().File("a", new byte[20], pax: "GNU.sparse.map=0,10,5,10\nGNU.sparse.size=100").Build() },
        { "odd", new TarBuilder().File("a", new byte[20], pax: "GNU.sparse.map=0,10,5\nGNU.sparse.size=100").Build() },
        { "overlap", new TarBuilder().File("a", new byte[20], pax: "GNU.sparse.map=90,20\nGNU.sparse.size=100").Build() },
        { "does not fit", new TarBuilder().File("a", new byte[20], pax: "GNU.sparse.map=0,10\nGNU.sparse.size=100").Build() },
        { "pieces", new TarBuilder().File("a", "99999999\n".PadRight(512), pax: "GNU.sparse.major=1\nGNU.sparse.minor=0\nGNU.sparse.realsize=5").Build() },
        { "sparse", new TarBuilder().File("a", "1\n0\n", pax: "GNU.sparse.major=1\nGNU.sparse.minor=0\nGNU.sparse.realsize=5").Build() },
        { "negative size", new TarBuilder().File("a", "", pax: "GNU.sparse.map=0,0\nGNU.sparse.size=-5").Build() },
        { "more than 1099511627776", new TarBuilder().File("a", "", pax: "size=9000000000000000000").Build() },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void HostileArchivesAreRefusedByName(string why, byte[] archive)
    {
        TarException refused = Assert.Throws<TarException>(() => ReadWhole(archive));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EntriesAreCounted()
    {
        byte[] archive = new TarBuilder().File("a", "").File("b", "").File("c", "").Build();
        var reader = new TarReader(new MemoryStream(archive), new TarLimits { Entries = 2 });
        reader.Next();
        reader.Next();
        Assert.Throws<TarException>(() => reader.Next());
    }

    /// <summary>Whatever the bytes are: an entry or a refusal, never another exception and never an endless loop.</summary>
    [Fact]
    public void DamagedArchivesNeverSurprise()
    {
        byte[] good = new TarBuilder().File("a", new byte[1000], pax: "path=some/name\nmtime=1.5").Symlink("s", "a").Folder("d")
            .File("sparse", new byte[20], pax: "GNU.sparse.map=0,10,50,10\nGNU.sparse.size=100").Build();
        CsCheck.Check.Sample(
            CsCheck.Gen.Select(CsCheck.Gen.Int[0, good.Length - 1], CsCheck.Gen.Byte, CsCheck.Gen.Int[0, good.Length]),
            change =>
            {
                (int at, byte value, int length) = change;
                byte[] bytes = good[..length];
                if (at < length)
                {
                    bytes[at] = value;
                    TrySum(bytes, at);
                }

                try
                {
                    ReadWhole(bytes);
                }
                catch (TarException)
                {
                    // As it should be.
                }
            });
    }

    // The checksum would catch nearly every change before the code behind it sees one.
    private static void TrySum(byte[] bytes, int at)
    {
        int block = at / 512 * 512;
        if (block + 512 <= bytes.Length)
        {
            byte[] header = bytes[block..(block + 512)];
            TarBuilder.Sum(header);
            header.CopyTo(bytes, block);
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
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

    private static void ReadWhole(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default);
        while (reader.Next() is not null)
        {
            while (!reader.ReadData(out _).IsEmpty)
            {
                // Only whether it can be read matters.
            }
        }
    }
}
