using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Bench.Images;

/// <summary>Writes archives as "docker save" of 20.10 does, so that both daemons are given the same bytes.</summary>
internal static class ImageArchive
{
    /// <summary>One image with these layers, each a tar archive on disk.</summary>
    public static void Write(string target, string name, IReadOnlyList<string> layers) => Write(target, [(name, layers)]);

    /// <summary>Several images; layers with the same path are stored once.</summary>
    public static void Write(string target, IReadOnlyList<(string Name, IReadOnlyList<string> Layers)> images)
    {
        using FileStream file = File.Create(target);
        using var archive = new TarWriter(file, TarEntryFormat.Ustar);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        var manifest = new JsonArray();
        foreach ((string name, IReadOnlyList<string> layers) in images)
        {
            foreach (string layer in layers.Where(l => !digests.ContainsKey(l)))
            {
                digests[layer] = Digest(layer);
                using FileStream bytes = File.OpenRead(layer);
                archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{digests[layer]}/layer.tar") { DataStream = bytes });
            }

            var config = new JsonObject
            {
                ["architecture"] = "amd64",
                ["os"] = "linux",
                ["created"] = "2026-01-01T00:00:00Z",
                ["config"] = new JsonObject { ["Cmd"] = new JsonArray("sh"), ["Labels"] = new JsonObject { ["bench"] = name } },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(l => (JsonNode)$"sha256:{digests[l]}")]) },
                ["history"] = new JsonArray([.. layers.Select(_ => (JsonNode)new JsonObject { ["created"] = "2026-01-01T00:00:00Z" })]),
            };
            byte[] document = Encoding.UTF8.GetBytes(config.ToJsonString());
            string configName = $"{Convert.ToHexStringLower(SHA256.HashData(document))}.json";
            archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, configName) { DataStream = new MemoryStream(document) });
            manifest.Add(new JsonObject
            {
                ["Config"] = configName,
                ["RepoTags"] = new JsonArray(name),
                ["Layers"] = new JsonArray([.. layers.Select(l => (JsonNode)$"{digests[l]}/layer.tar")]),
            });
        }

        archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(manifest.ToJsonString())) });
    }

    /// <summary>The same tree as an archive's, in so many archives of about the same number of entries each.</summary>
    public static IReadOnlyList<string> Split(string archive, int layers, string folder)
    {
        string tree = Directory.CreateDirectory($"{folder}/tree").FullName;
        Command.Output("tar", "--extract", "--file", archive, "--directory", tree, "--numeric-owner", "--xattrs");
        string[] names = Command.Output("tar", "--list", "--file", archive).Split('\n');
        var parts = new List<string>();
        foreach (string[] some in names.Chunk((names.Length + layers - 1) / layers))
        {
            string list = $"{folder}/list", part = $"{folder}/part{parts.Count}.tar";
            File.WriteAllLines(list, some);
            Command.Output("tar", "--create", "--file", part, "--directory", tree, "--numeric-owner", "--xattrs", "--no-recursion", "--files-from", list);
            parts.Add(part);
        }

        Directory.Delete(tree, recursive: true);
        return parts;
    }

    private static string Digest(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
