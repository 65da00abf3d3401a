using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

using Berth.Images.Tests.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Images.Tests.Pull;

/// <summary>Images made by hand, served as a registry would, or otherwise.</summary>
internal sealed class ScriptedRepository
{
    private readonly Dictionary<string, (byte[] Bytes, string Type)> _manifests = [];

    public Dictionary<string, byte[]> Blobs { get; } = [];

    public List<string> Tags { get; } = [];

    /// <summary>Off: every answer is the whole blob.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>Answers in place of the repository, where it answers at all.</summary>
    public Func<ScriptedRequest, ScriptedAnswer?> Instead { get; set; } = static _ => null;

    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>An image of uncompressed layers, which are served with gzip.</summary>
    public Descriptor Image(string tag, IReadOnlyList<byte[]> layers, string architecture = "amd64", string layerType = MediaTypes.DockerLayerGzip, Func<byte[], byte[]>? pack = null)
    {
        var descriptors = layers.Select(layer => Blob((pack ?? Gzip)(layer), layerType)).ToList();
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(
            new Image { Architecture = architecture, Os = "linux", Config = new ImageConfig { Cmd = [tag] }, RootFs = new RootFs { DiffIds = [.. layers.Select(l => Digest.Of(l).ToString())] } },
            ImageJson.Default.Image);
        return Manifest(tag, new Manifest { SchemaVersion = 2, MediaType = MediaTypes.DockerManifest, Config = Blob(config, MediaTypes.DockerConfig), Layers = descriptors })
            with { Platform = new Platform { Os = "linux", Architecture = architecture } };
    }

    public Descriptor Manifest(string tag, Manifest manifest) => Add(tag, JsonSerializer.SerializeToUtf8Bytes(manifest, ImageJson.Default.Manifest), manifest.MediaType!);

    public Descriptor Index(string tag, params Descriptor[] manifests) => Add(
        tag, JsonSerializer.SerializeToUtf8Bytes(new ImageIndex { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = manifests }, ImageJson.Default.ImageIndex), MediaTypes.Index);

    public Descriptor Blob(byte[] bytes, string type)
    {
        string digest = Digest.Of(bytes).ToString();
        Blobs[digest] = bytes;
        return new Descriptor { MediaType = type, Digest = digest, Size = bytes.Length };
    }

    public ScriptedAnswer Answer(ScriptedRequest request)
    {
        if (Instead(request) is { } instead)
        {
            return instead;
        }

        string last = request.Path.Split('/')[^1];
        if (request.Path.EndsWith("/tags/list", StringComparison.Ordinal))
        {
            return ScriptedAnswer.Text(200, JsonSerializer.Serialize(new { tags = Tags }));
        }

        if (request.Path.Contains("/manifests/", StringComparison.Ordinal))
        {
            return _manifests.TryGetValue(last, out (byte[] Bytes, string Type) manifest)
                ? new ScriptedAnswer(200, manifest.Bytes).With("Content-Type", manifest.Type)
                : ScriptedAnswer.Text(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
        }

        return Blobs.TryGetValue(last, out byte[]? blob) ? Part(request, blob) : ScriptedAnswer.Text(404, """{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]}""");
    }

    private ScriptedAnswer Part(ScriptedRequest request, byte[] blob)
    {
        if (!KnowsRanges || request["Range"].Length == 0)
        {
            return new ScriptedAnswer(200, blob);
        }

        string[] range = request["Range"]["bytes=".Length..].Split('-');
        int from = int.Parse(range[0], CultureInfo.InvariantCulture), to = range[1].Length == 0 ? blob.Length - 1 : int.Parse(range[1], CultureInfo.InvariantCulture);
        return new ScriptedAnswer(206, blob[from..(to + 1)]).With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{blob.Length}"));
    }

    private Descriptor Add(string tag, byte[] bytes, string type)
    {
        string digest = Digest.Of(bytes).ToString();
        _manifests[digest] = (bytes, type);
        if (tag.Length > 0)
        {
            _manifests[tag] = (bytes, type);
            Tags.Add(tag);
        }

        return new Descriptor { MediaType = type, Digest = digest, Size = bytes.Length };
    }
}
