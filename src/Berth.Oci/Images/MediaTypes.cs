namespace Berth.Oci.Images;

/// <summary>Media types of the OCI image specification and Docker's older names for the same things.</summary>
public static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerGzip = Layer + "+gzip";
    public const string LayerZstd = Layer + "+zstd";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    public const string DockerLayerGzip = DockerLayer + ".gzip";

    /// <summary>Docker never named one; some tools write it.</summary>
    public const string DockerLayerZstd = DockerLayer + ".zstd";

    public static bool IsIndex(string? mediaType) => mediaType is Index or DockerManifestList;

    public static bool IsManifest(string? mediaType) => mediaType is Manifest or DockerManifest;
}
