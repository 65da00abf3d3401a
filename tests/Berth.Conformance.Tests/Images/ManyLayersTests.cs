using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>As many layers as overlayfs stacks, and one more.</summary>
public sealed class ManyLayersTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private const int Most = 500;

    [Fact]
    public async Task FiveHundredRunAndOneMoreIsRefusedByName()
    {
        await fixture.TextAsync("berth", "load", "-i", Write("most", Most));
        Assert.Equal(Numbers(Most), await fixture.TextAsync("berth", "run", "--rm", "--net", "none", "most:1"));
        ProcessResult refused = await fixture.RunAsync("berth", "load", "-i", Write("more", Most + 1));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("has 501 layers: more than 500 cannot be stacked", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.RunAsync("berth", "image", "inspect", "more:1")).ExitCode);

        // Nor by a commit upon them; and what was saved of them comes back.
        await fixture.TextAsync("berth", "create", "--name", "top", "most:1");
        ProcessResult committed = await fixture.RunAsync("berth", "commit", "top", "more:1");
        Assert.Equal(1, committed.ExitCode);
        Assert.Contains("500", committed.Error, StringComparison.Ordinal);
        await fixture.TextAsync("berth", "rm", "top");
        string saved = Path.Join(fixture.Daemon.Folder, "saved.tar");
        await fixture.TextAsync("berth", "save", "-o", saved, "most:1");
        await fixture.TextAsync("berth", "rmi", "most:1");
        await fixture.TextAsync("berth", "load", "-i", saved);
        Assert.Equal(Numbers(Most), await fixture.TextAsync("berth", "run", "--rm", "--net", "none", "most:1"));
    }

    private static string Numbers(int count) => string.Join('\n', Enumerable.Range(0, count).Select(static n => n.ToString("000", CultureInfo.InvariantCulture)));

    // Each layer adds a file named like its number; the first has the program that lists them.
    private string Write(string name, int count)
    {
        byte[][] layers = [.. Enumerable.Range(0, count).Select(static n => Layer(n))];
        string diffIds = string.Join(',', layers.Select(static l => $"\"sha256:{Convert.ToHexStringLower(SHA256.HashData(l))}\""));
        string path = Path.Join(fixture.Daemon.Folder, $"{name}.tar");
        using var tar = new TarWriter(File.Create(path));
        Add(tar, "config.json", Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/busybox","ls","/n"]},"rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}"""));
        for (int i = 0; i < count; i++)
        {
            Add(tar, $"{i}.tar", layers[i]);
        }

        Add(tar, "manifest.json", Encoding.UTF8.GetBytes($$$"""[{"Config":"config.json","RepoTags":["{{{name}}}:1"],"Layers":[{{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"{i}.tar\""))}}}]}]"""));
        return path;
    }

    private static byte[] Layer(int number)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
        {
            if (number == 0)
            {
                Add(tar, "bin/busybox", File.ReadAllBytes("/usr/bin/busybox"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            Add(tar, $"n/{number.ToString("000", CultureInfo.InvariantCulture)}", []);
        }

        return bytes.ToArray();
    }

    private static void Add(TarWriter tar, string name, byte[] content, UnixFileMode mode = UnixFileMode.UserRead) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = mode });
}
