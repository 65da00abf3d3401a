using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Berth.Testing.Processes;

namespace Berth.Testing.Archives;

/// <summary>The image busybox:latest as "docker save" writes it, made of the host's static busybox.</summary>
public static class BusyboxArchive
{
    private const string Program = "/usr/bin/busybox";

    private static readonly Lazy<Task<byte[]>> Made = new(MakeAsync);

    /// <summary>The archive's bytes; the same each time.</summary>
    public static async Task<Stream> OpenAsync() => new MemoryStream(await Made.Value.ConfigureAwait(false), writable: false);

    private static async Task<byte[]> MakeAsync()
    {
        byte[] layer = await LayerAsync().ConfigureAwait(false);
        string diffId = Hex(layer);
        byte[] config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","created":"2024-01-01T00:00:00Z","config":{"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:{{diffId}}"]},"history":[{"created":"2024-01-01T00:00:00Z","created_by":"busybox-static"}]}""");
        string manifest = $$"""[{"Config":"{{Hex(config)}}.json","RepoTags":["busybox:latest"],"Layers":["{{diffId}}/layer.tar"]}]""";
        var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(writer, $"{diffId}/layer.tar", layer);
            Add(writer, $"{Hex(config)}.json", config);
            Add(writer, "manifest.json", Encoding.UTF8.GetBytes(manifest));
        }

        return archive.ToArray();
    }

    private static async Task<byte[]> LayerAsync()
    {
        var layer = new MemoryStream();
        await using (var writer = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach ((string folder, int mode) in new[] { ("bin", 0b111_101_101), ("etc", 0b111_101_101), ("root", 0b111_000_000), ("tmp", 0b001_111_111_111) })
            {
                Folder(writer, folder, mode);
            }

            Add(writer, "bin/busybox", await File.ReadAllBytesAsync(Program).ConfigureAwait(false), executable: true);
            ProcessResult applets = await Run.Async(Program, "--list").ConfigureAwait(false);
            foreach (string applet in applets.Text.Split('\n').Where(static a => a != "busybox"))
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox", ModificationTime = DateTimeOffset.UnixEpoch });
            }

            Add(writer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"u8.ToArray());
            Add(writer, "etc/group", "root:x:0:\nnogroup:x:65534:\n"u8.ToArray());
        }

        return layer.ToArray();
    }

    private static void Folder(TarWriter writer, string name, int mode) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)mode, ModificationTime = DateTimeOffset.UnixEpoch });

    private static void Add(TarWriter writer, string name, byte[] content, bool executable = false) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(content),
            Mode = (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100),
            ModificationTime = DateTimeOffset.UnixEpoch,
        });

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
