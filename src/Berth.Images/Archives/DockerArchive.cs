using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>Archives of "docker save": manifest.json names the config and layer files of every image. Also Podman's and skopeo's docker-archive.</summary>
internal static class DockerArchive
{
    public const string Manifest = "manifest.json";

    /// <exception cref="EngineException">Invalid: it names files that it does not have. NotFound: nothing for the platform.</exception>
    public static IReadOnlyList<ArchivedImage> Read(ReceivedArchive archive, ArchiveFile manifest, Platform? platform)
    {
        List<ArchivedImage> images = [.. ReceivedArchive.ReadJson(manifest, ArchiveJson.Default.IReadOnlyListDockerArchiveItem, Manifest).Select(item => Read(archive, item))];
        if (platform is null)
        {
            return images;
        }

        List<ArchivedImage> fitting = [.. images.Where(i => IsFor(i.Config, platform))];
        return fitting.Count > 0 ? fitting : throw EngineException.NotFound($"the archive has no image for {platform}");
    }

    private static bool IsFor(ArchiveFile configFile, Platform platform)
    {
        Image config = ReceivedArchive.ReadJson(configFile, ImageJson.Default.Image, $"the config {configFile.Digest}");
        return PlatformMatch.Runs(PlatformMatch.Of(config), platform);
    }

    private static ArchivedImage Read(ReceivedArchive archive, DockerArchiveItem item)
    {
        string configName = item.Config ?? throw EngineException.Invalid("manifest.json names an image without a config");
        ArchiveFile config = Find(archive, configName)
            ?? throw EngineException.Invalid($"the archive is damaged: manifest.json names the config {configName}, which is not there");
        var image = new ArchivedImage(config, [.. (item.Layers ?? []).Select(name => Find(archive, name))], [.. (item.RepoTags ?? []).Select(Name)], [], null);
        return ArchiveLayout.WithDocuments(archive, image) with { Since = ArchiveLayout.Since(archive) };
    }

    private static ArchiveFile? Find(ReceivedArchive archive, string name)
    {
        try
        {
            return archive.Find(name);
        }
        catch (TarException e)
        {
            throw EngineException.Invalid($"the archive is damaged: manifest.json names {name}, which is outside of the archive", e);
        }
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
