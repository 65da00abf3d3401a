using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Berth.Testing.Archives;

/// <summary>An OCI layout with one image a platform, each with a file "who" that says which, below one index called "multi".</summary>
public static class PlatformLayout
{
    private const string Types = "application/vnd.oci.image.";

    /// <summary>The statement in <see cref="WriteAttested"/>.</summary>
    public const string Statement = """{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://slsa.dev/provenance/v1","subject":[],"predicate":{}}""";

    /// <returns>The digest of the index.</returns>
    public static string Write(string folder, params string[] architectures) => Write(folder, [], architectures);

    /// <summary>With one platform, and beside it a statement of how it was made, as BuildKit writes it.</summary>
    public static string WriteAttested(string folder, string architecture)
    {
        Directory.CreateDirectory(Path.Join(folder, "blobs", "sha256"));
        string image = Image(folder, architecture).Split("\"digest\":\"")[1].Split('"')[0];
        string config = Blob(folder, """{"os":"unknown","architecture":"unknown","config":{},"rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray(), "config.v1+json");
        string layer = Blob(folder, Encoding.UTF8.GetBytes(Statement), "x").Replace($"{Types}x", "application/vnd.in-toto+json", StringComparison.Ordinal);
        string manifest = Blob(
            folder,
            Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{Types}}}manifest.v1+json","config":{{{config}}},"layers":[{{{layer[..^1]}}},"annotations":{"in-toto.io/predicate-type":"https://slsa.dev/provenance/v1"}}]}"""),
            "manifest.v1+json");
        string described = $$$"""{{{manifest[..^1]}}},"annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{{{image}}}"},"platform":{"os":"unknown","architecture":"unknown"}}""";
        return Write(folder, [described], architecture);
    }

    private static string Write(string folder, IReadOnlyList<string> further, params string[] architectures)
    {
        Directory.CreateDirectory(Path.Join(folder, "blobs", "sha256"));
        IEnumerable<string> manifests = [.. further, .. architectures.Select(architecture => $$$"""{{{Image(folder, architecture)[..^1]}}},"platform":{"os":"linux","architecture":"{{{architecture}}}"}}""")];
        string index = Blob(folder, Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{Types}}}index.v1+json","manifests":[{{{string.Join(',', manifests)}}}]}"""), "index.v1+json");
        File.WriteAllText(Path.Join(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(Path.Join(folder, "index.json"), $$$"""{"schemaVersion":2,"manifests":[{{{index[..^1]}}},"annotations":{"org.opencontainers.image.ref.name":"multi"}}]}""");
        return index.Split("\"digest\":\"")[1].Split('"')[0];
    }

    private static string Image(string folder, string architecture)
    {
        byte[] layer = Layer(architecture);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(layer);
        }

        string config = Blob(
            folder, Encoding.UTF8.GetBytes($$$"""{"os":"linux","architecture":"{{{architecture}}}","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:{{{Hex(layer)}}}"]}}"""), "config.v1+json");
        string file = Blob(folder, packed.ToArray(), "layer.v1.tar+gzip");
        return Blob(folder, Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{Types}}}manifest.v1+json","config":{{{config}}},"layers":[{{{file}}}]}"""), "manifest.v1+json");
    }

    private static byte[] Layer(string text)
    {
        var layer = new MemoryStream();
        using (var writer = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "who") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        return layer.ToArray();
    }

    // Writes it and answers its descriptor.
    private static string Blob(string folder, byte[] bytes, string type)
    {
        File.WriteAllBytes(Path.Join(folder, "blobs", "sha256", Hex(bytes)), bytes);
        return $$"""{"mediaType":"{{Types}}{{type}}","digest":"sha256:{{Hex(bytes)}}","size":{{bytes.Length}}}""";
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
