using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Images.Archives;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Pull;

/// <summary>From a name to one platform's manifest, over as many indexes as there are.</summary>
/// <param name="client">The registry.</param>
/// <param name="platform">Null: this machine's.</param>
internal sealed class ImageResolution(RegistryClient client, Platform? platform)
{
    private const int DeepestIndex = 8;
    private const int MostManifests = 10_000;
    private const string ReferenceType = "vnd.docker.reference.type";

    /// <summary>An image cannot have more (overlayfs), so a manifest that lists more is refused before any work.</summary>
    private const int MostLayers = Storage.Snapshots.OverlaySnapshotter.MostLayers;

    private static readonly string[] Foreign = ["application/vnd.docker.image.rootfs.foreign.diff.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar"];

    private static readonly string[] LayerTypes = [MediaTypes.Layer, MediaTypes.LayerGzip, MediaTypes.LayerZstd, MediaTypes.DockerLayer, MediaTypes.DockerLayerGzip, MediaTypes.DockerLayerZstd];

    /// <exception cref="EngineException">NotFound: no such platform. Invalid: it is no image, or not one that can be had.</exception>
    public async Task<ResolvedImage> ChooseAsync(ImageReference name, FetchedManifest fetched, CancellationToken cancel)
    {
        List<FetchedManifest> documents = [fetched];
        while (MediaTypes.IsIndex(documents[^1].Descriptor.MediaType))
        {
            if (documents.Count > DeepestIndex)
            {
                throw EngineException.Invalid($"{name.Familiar}: its indexes are nested more than {DeepestIndex} deep");
            }

            Descriptor chosen = Choose(documents[^1]);
            documents.Add(await client.GetManifestAsync(name.Path, null, ParseDigest(chosen.Digest), cancel));
        }

        Manifest manifest = Read(documents[^1].Bytes, ImageJson.Default.Manifest, $"the manifest {documents[^1].Descriptor.Digest}");
        return new ResolvedImage(documents, Config(manifest, name), Layers(manifest, name));
    }

    /// <summary>Reads a document of an image from a registry.</summary>
    /// <exception cref="EngineException">Invalid: it is damaged.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, string shown)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonLists.RefuseNulls(document.RootElement);
            return document.Deserialize(type) ?? throw EngineException.Invalid($"{shown} is empty");
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"{shown} is damaged: {JsonFault.Describe(e)}", e);
        }
    }

    /// <exception cref="EngineException">Invalid: no SHA-256.</exception>
    public static Digest ParseDigest(string text) =>
        Digest.TryParse(text, out Digest digest) ? digest : throw EngineException.Invalid($"\"{text}\" in the manifest is not a SHA-256 digest, the only kind that is supported");

    private Descriptor Choose(FetchedManifest index)
    {
        IReadOnlyList<Descriptor> manifests = Read(index.Bytes, ImageJson.Default.ImageIndex, $"the index {index.Descriptor.Digest}").Manifests ?? [];
        if (manifests.Count > MostManifests)
        {
            throw EngineException.Invalid($"the index {index.Descriptor.Digest} has more than {MostManifests} manifests");
        }

        // Attestations of BuildKit are listed as manifests for a platform called unknown.
        Platform wanted = PlatformMatch.Complete(platform);
        return PlatformMatch.Order(manifests.Where(static m => m.Annotations?.ContainsKey(ReferenceType) != true), wanted).FirstOrDefault()
            ?? throw EngineException.NotFound($"no matching manifest for {wanted} in the manifest list entries");
    }

    private static Descriptor Config(Manifest manifest, ImageReference name)
    {
        Descriptor config = manifest.Config ?? throw EngineException.Invalid($"{name.Familiar}: its manifest names no config");
        return config.MediaType is "" or MediaTypes.Config or MediaTypes.DockerConfig or "application/octet-stream"
            ? config
            : throw EngineException.Invalid($"{name.Familiar} is no image, but of type {manifest.ArtifactType ?? config.MediaType}");
    }

    private static IReadOnlyList<Descriptor> Layers(Manifest manifest, ImageReference name)
    {
        IReadOnlyList<Descriptor> layers = manifest.Layers ?? [];
        if (layers.Count > MostLayers)
        {
            throw EngineException.Invalid($"{name.Familiar} has {layers.Count} layers: more than {MostLayers} cannot be stacked");
        }

        foreach (Descriptor layer in layers)
        {
            if (Foreign.Any(f => layer.MediaType.StartsWith(f, StringComparison.Ordinal)))
            {
                throw EngineException.Invalid($"{name.Familiar}: its layer {layer.Digest} is foreign ({layer.MediaType}): it would have to be fetched from elsewhere, which is not supported");
            }

            if (!LayerTypes.Contains(layer.MediaType))
            {
                throw EngineException.Invalid($"{name.Familiar}: its layer {layer.Digest} is of type {layer.MediaType}, which cannot be unpacked");
            }

            if (layer.Size < 0)
            {
                throw EngineException.Invalid($"{name.Familiar}: its layer {layer.Digest} cannot have {layer.Size} bytes");
            }
        }

        return layers;
    }
}
