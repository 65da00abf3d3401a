using Berth.Images.Pull;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Registries;

/// <summary>What a manifest's image runs on: its config says it.</summary>
internal static class PlatformReading
{
    private const int LargestConfig = 8 << 20;

    /// <summary>Null: it has no config of an image.</summary>
    /// <exception cref="RegistryException">The config did not come, or is damaged.</exception>
    /// <exception cref="EngineException">Invalid: it is no config.</exception>
    public static async Task<Platform?> OfManifestAsync(RegistryClient client, ImageReference name, FetchedManifest fetched, CancellationToken cancel)
    {
        Descriptor? config = ImageResolution.Read(fetched.Bytes, ImageJson.Default.Manifest, $"the manifest {fetched.Descriptor.Digest}").Config;
        if (config is null || config.MediaType is not (MediaTypes.Config or MediaTypes.DockerConfig) || config.Size is < 0 or > LargestConfig)
        {
            return null;
        }

        Digest digest = ImageResolution.ParseDigest(config.Digest);
        byte[] bytes = await SmallBlob.ReadAsync(client, name.Path, digest, (int)config.Size, fetched.From, cancel);
        Image image = ImageResolution.Read(bytes, ImageJson.Default.Image, $"the config {digest}");
        return new Platform { Architecture = image.Architecture, Os = image.Os, Variant = Said(image.Variant), OsVersion = Said(image.OsVersion), OsFeatures = image.OsFeatures };
    }

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
