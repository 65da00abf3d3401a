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
    /// <exception cref="RegistryException">The config did not come.</exception>
    /// <exception cref="EngineException">Invalid or Unavailable: it is damaged.</exception>
    public static async Task<Platform?> OfManifestAsync(RegistryClient client, ImageReference name, FetchedManifest fetched, CancellationToken cancel)
    {
        Descriptor? config = ImageResolution.Read(fetched.Bytes, ImageJson.Default.Manifest, $"the manifest {fetched.Descriptor.Digest}").Config;
        if (config is null || config.MediaType is not (MediaTypes.Config or MediaTypes.DockerConfig) || config.Size is < 0 or > LargestConfig)
        {
            return null;
        }

        Digest digest = ImageResolution.ParseDigest(config.Digest);
        byte[] bytes = new byte[config.Size];
        using BlobAnswer answer = await client.OpenBlobAsync(name.Path, digest, config.Size, null, fetched.From, cancel);
        for (int at = 0, count; at < bytes.Length; at += count)
        {
            count = await answer.ReadAsync(bytes.AsMemory(at), cancel);
            if (count == 0)
            {
                throw new RegistryException($"{name.Familiar}: its config was cut off") { IsPassing = true };
            }
        }

        Image image = Digest.Of(bytes) == digest
            ? ImageResolution.Read(bytes, ImageJson.Default.Image, $"the config {digest}")
            : throw EngineException.Unavailable($"{name.Familiar}: its config {digest} is damaged");
        return new Platform { Architecture = image.Architecture, Os = image.Os, Variant = Said(image.Variant), OsVersion = Said(image.OsVersion), OsFeatures = image.OsFeatures };
    }

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
