using System.Globalization;
using System.Text;

using Berth.Tests;

namespace Berth.Fuzz.Mutations;

/// <summary>Archives of few names, so that entries meet: links to what is made later, files through links, whiteouts of all that. Then their headers are damaged.</summary>
/// <param name="outside">A folder that no archive may reach.</param>
internal sealed class TarMaker(string outside)
{
    private const int Block = 512;

    private readonly string[] _names =
    [
        "a", "b", "a/b", "a/b/c", "l", "l/x", "l/a/b", "m", "m/x", "./a", "a/", "a//b", "/a", "", ".", "..", "../x", "a/../b", "a/../../x", "../../../canary/x", "l/../x",
        ".wh.a", "a/.wh.b", "a/.wh..wh..opq", ".wh..wh..opq", ".wh.", ".wh..", ".wh...", "l/.wh.x", ".wh.l", ".wh..wh.plnk", "ü", "\n", new string('n', 99), new string('n', 255), new string('n', 256),
        $"{outside}/x", $"{outside[1..]}/x", "../../canary/x", "../canary", "canary",
    ];

    private readonly string[] _targets =
    [
        "a", "b", "a/b", "l", "m", ".", "..", "/", "../..", "../../../..", "../canary", "../../canary", "../../../canary/kept", outside, $"{outside}/kept", $"{outside}/folder", "/proc/self/root", "/proc/self/cwd/..", "/dev/null",
        "", "l/..", "a/../../b", new string('t', 100),
    ];

    public byte[] Make(Random random)
    {
        var tar = new TarBuilder();
        for (int i = random.Next(1, 14); i > 0; i--)
        {
            Add(tar, random);
        }

        byte[] bytes = random.Next(8) == 0 ? tar.BuildUnended() : tar.Build();
        if (random.Next(2) == 0)
        {
            Damage(bytes, random);
        }

        return random.Next(4) == 0 ? ByteMutation.Of(bytes, random) : bytes;
    }

    private void Add(TarBuilder tar, Random random)
    {
        string name = One(_names, random), target = One(_targets, random);
        byte[] body = new byte[random.Next(3) == 0 ? random.Next(3000) : random.Next(8)];
        random.NextBytes(body);
        uint mode = (uint)random.Next(0x1000);
        switch (random.Next(16))
        {
            case 0 or 1: tar.Symlink(name, target); break;
            case 2 or 3: tar.HardLink(name, target); break;
            case 4 or 5: tar.Folder(name, mode); break;
            case 6: tar.Header(name, (char)('3' + random.Next(2)), 0, major: random.Next(3), minor: random.Next(4)); break;
            case 7: tar.Header(name, '6', 0, mode: mode); break;
            case 8: tar.Header("././@LongLink", random.Next(2) == 0 ? 'L' : 'K', Long(name).Length).Body(Long(name)); break;
            case 9: tar.Pax(Records(random, name, target), random.Next(5) == 0 ? 'g' : 'x'); break;
            case 10: Sparse(tar, name, body, random); break;
            case 11: tar.Header(name, (char)random.Next(256), random.Next(2) * body.Length).Body(body); break;
            case 12: tar.PaxRaw(ByteMutation.Of(TarBuilder.Record(Encoding.UTF8.GetBytes($"path={name}")), random)); break;
            default: tar.File(name, body, mode); break;
        }
    }

    private static byte[] Long(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    private string Records(Random random, string name, string target)
    {
        string[] all =
        [
            $"path={name}", $"linkpath={target}", $"size={Number(random)}", $"uid={Number(random)}", $"gid={Number(random)}", $"mtime={Number(random)}.{Number(random)}", "mtime=-1.5", "mtime=",
            "SCHILY.xattr.user.x=y", "SCHILY.xattr.security.capability=\u0001", "SCHILY.xattr.trusted.overlay.opaque=y", "SCHILY.xattr.trusted.overlay.redirect=/canary", "SCHILY.xattr.=", "SCHILY.xattr.user.=",
            $"GNU.sparse.map={Number(random)},{Number(random)},{Number(random)},{Number(random)}", $"GNU.sparse.size={Number(random)}", "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.major=0", "GNU.sparse.minor=1",
            $"GNU.sparse.name={name}", $"GNU.sparse.realsize={Number(random)}", $"GNU.sparse.numblocks={Number(random)}", "GNU.sparse.offset=0", "GNU.sparse.numbytes=1", "uname=root", "gname=\u0000", "=",
        ];
        return string.Join('\n', Enumerable.Range(0, random.Next(1, 6)).Select(_ => One(all, random).Replace('\n', ' ')));
    }

    private static void Sparse(TarBuilder tar, string name, byte[] body, Random random) => tar.Header(name, 'S', body.Length, change: block =>
    {
        TarBuilder.Put(block, 257, "ustar  \0");
        for (int i = 0, at = 386; i < 4; i++, at += 24)
        {
            TarBuilder.Put(block, at, TarBuilder.Octal(random.Next(3) * 4096, 11));
            TarBuilder.Put(block, at + 12, TarBuilder.Octal(random.Next(2) * random.Next(body.Length + 2), 11));
        }

        block[482] = (byte)random.Next(2);
        TarBuilder.Put(block, 483, TarBuilder.Octal(random.Next(100_000), 11));
    }).Body(body);

    private static string Number(Random random) => random.Next(8) switch
    {
        0 => "-1",
        1 => "9223372036854775807",
        2 => "9223372036854775808",
        3 => "-9223372036854775808",
        4 => "x",
        5 => "4294967296",
        _ => random.Next(2000).ToString(CultureInfo.InvariantCulture),
    };

    // Fields of headers, with the checksum mended: else nothing behind it would ever be read.
    private static void Damage(byte[] bytes, Random random)
    {
        ReadOnlySpan<(int At, int Length)> fields = [(0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (265, 32), (329, 8), (337, 8), (345, 155), (386, 96), (482, 1), (483, 12)];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Length / Block) * Block;
            if (bytes.AsSpan(at, Block).ContainsAnyExcept((byte)0))
            {
                byte[] block = bytes[at..(at + Block)];
                (int field, int length) = fields[random.Next(fields.Length)];
                Span<byte> part = block.AsSpan(field, length);
                switch (random.Next(5))
                {
                    case 0: random.NextBytes(part); break;
                    case 1: part.Fill((byte)random.Next(256)); break;
                    case 2: part[0] = 0x80; part[^1] = (byte)random.Next(256); break; // base 256
                    case 3: part[random.Next(length)] ^= (byte)(1 << random.Next(8)); break;
                    default: Encoding.ASCII.GetBytes(TarBuilder.Octal(random.NextInt64(1L << 33), 11)).AsSpan()[^Math.Min(11, length)..].CopyTo(part); break;
                }

                TarBuilder.Sum(block);
                block.CopyTo(bytes, at);
            }
        }
    }

    private static string One(string[] all, Random random) => all[random.Next(all.Length)];
}
