using System.IO.Compression;
using System.Text;
using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>Small image archives made by hand, right or wrong.</summary>
internal sealed class ArchiveBuilder
{
    private readonly TarBuilder _tar = new();

    public static byte[] Layer(string file, string content) => new TarBuilder().File(file, content).Build();

    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Config(string architecture, params byte[][] layers) => JsonSerializer.SerializeToUtf8Bytes(
        new Image { Architecture = architecture, Os = "linux", RootFs = new RootFs { DiffIds = [.. layers.Select(l => Digest.Of(l).ToString())] } },
        ImageJson.Default.Image);

    public ArchiveBuilder File(string name, byte[] content)
    {
        _tar.File(name, content);
        return this;
    }

    public ArchiveBuilder File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public ArchiveBuilder Symlink(string name, string target)
    {
        _tar.Symlink(name, target);
        return this;
    }

    /// <summary>Puts bytes under their digest, as OCI layouts have them.</summary>
    public Descriptor Blob(byte[] bytes, string type, Platform? platform = null, Dictionary<string, string>? annotations = null)
    {
        Digest digest = Digest.Of(bytes);
        File($"blobs/sha256/{digest.Hex}", bytes);
        return Describe(bytes, type, platform, annotations);
    }

    public static Descriptor Describe(byte[] bytes, string type, Platform? platform = null, Dictionary<string, string>? annotations = null) =>
        new() { MediaType = type, Digest = Digest.Of(bytes).ToString(), Size = bytes.Length, Platform = platform, Annotations = annotations };

    /// <summary>An image's blobs and manifest.</summary>
    public Descriptor Image(string architecture, byte[][] layers, Dictionary<string, string>? annotations = null, Func<byte[], byte[]>? pack = null)
    {
        Descriptor config = Blob(Config(architecture, layers), MediaTypes.Config);
        Descriptor[] descriptors = [.. layers.Select(l => Blob(pack?.Invoke(l) ?? l, pack is null ? MediaTypes.Layer : MediaTypes.LayerGzip))];
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(
            new Manifest { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config, Layers = descriptors }, ImageJson.Default.Manifest);
        return Blob(manifest, MediaTypes.Manifest, new Platform { Os = "linux", Architecture = architecture }, annotations);
    }

    public Descriptor Index(IReadOnlyList<Descriptor> manifests, Dictionary<string, string>? annotations = null) =>
        Blob(JsonSerializer.SerializeToUtf8Bytes(new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = manifests }, ImageJson.Default.ImageIndex), MediaTypes.Index, null, annotations);

    /// <summary>The top of an OCI layout.</summary>
    public MemoryStream Layout(params IReadOnlyList<Descriptor> manifests)
    {
        File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File("index.json", JsonSerializer.SerializeToUtf8Bytes(new ImageIndex { SchemaVersion = 2, Manifests = manifests }, ImageJson.Default.ImageIndex));
        return Build();
    }

    public MemoryStream Build() => new(_tar.Build());
}
