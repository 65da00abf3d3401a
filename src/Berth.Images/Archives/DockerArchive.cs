using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Archives;

/// <summary>Archives of "docker save": manifest.json names the config and layer files of every image. Also Podman's and skopeo's docker-archive.</summary>
internal static class DockerArchive
{
    public const string Manifest = "manifest.json";

    /// <exception cref="EngineException">Invalid: it names files that it does not have.</exception>
    public static IReadOnlyList<ArchivedImage> Read(ReceivedArchive archive, ArchiveFile manifest) =>
        [.. ReceivedArchive.ReadJson(manifest, ArchiveJson.Default.IReadOnlyListDockerArchiveItem, Manifest).Select(item => Read(archive, item))];

    private static ArchivedImage Read(ReceivedArchive archive, DockerArchiveItem item)
    {
        string configName = item.Config ?? throw EngineException.Invalid("manifest.json names an image without a config");
        ArchiveFile config = archive.Find(configName)
            ?? throw EngineException.Invalid($"the archive is damaged: manifest.json names the config {configName}, which is not there");
        return new ArchivedImage(config, [.. (item.Layers ?? []).Select(archive.Find)], [.. (item.RepoTags ?? []).Select(Name)], [], null);
    }

    private static ImageReference Name(string text)
    {
        try
        {
            ImageReference name = ImageReference.Parse(text);
            return name.Tag is not null ? ImageStore.CheckName(name) : throw EngineException.Invalid($"manifest.json names an image \"{text}\", which has no tag");
        }
        catch (FormatException e)
        {
            throw EngineException.Invalid($"manifest.json names an image \"{text}\": {e.Message}", e);
        }
    }
}
