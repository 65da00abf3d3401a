using System.Text.Json;

using Berth.Images.Archives;
using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage.Content;
using Berth.Storage.Leases;

namespace Berth.Images.Import;

/// <summary>The config of an image that is made from a file system's archive.</summary>
internal static class ImportedImage
{
    public static ArchiveFile Write(IContentIngester content, Lease lease, ImportRequest request, ImageConfig config, Digest diffId)
    {
        Platform platform = request.Platform ?? PlatformMatch.Host;
        string comment = request.Message.Length > 0 ? request.Message : "Imported from -";
        DateTimeOffset now = DateTimeOffset.UtcNow;
        var image = new Image
        {
            Architecture = platform.Architecture, Variant = platform.Variant, Os = platform.Os, OsVersion = platform.OsVersion, Created = now, Comment = comment,
            Config = config, RootFs = new RootFs { DiffIds = [diffId.ToString()] }, History = [new History { Created = now, Comment = comment }],
        };
        return new ArchiveFile(JsonSerializer.SerializeToUtf8Bytes(image, ImageJson.Default.Image), content, lease);
    }
}
