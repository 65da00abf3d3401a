using Berth.Storage;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>Tells an archive of images from one of a file system, which is for import: by its first entries, before gigabytes of it were written aside.</summary>
internal sealed class ArchiveShape
{
    /// <summary>One or two may be the folders of somebody's own layout.</summary>
    private const int Enough = 3;

    private static readonly HashSet<string> RootFolders =
        new(["bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"], StringComparer.Ordinal);

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private bool _hasImages;

    /// <summary>Takes note of the next entry.</summary>
    /// <exception cref="EngineException">Invalid: it is an archive of a file system.</exception>
    public void Check(string path, TarEntryType type)
    {
        string top = path.Split('/')[0];
        _hasImages |= path is DockerArchive.Manifest or OciLayout.Index or "oci-layout" or "repositories" || top == "blobs";
        if (_hasImages)
        {
            return;
        }

        // No program that saves images writes devices.
        bool isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo;
        if (RootFolders.Contains(top))
        {
            _seen.Add(top);
        }

        if (isDevice || _seen.Count >= Enough)
        {
            throw NoImages($"it begins as a file system does, with {(isDevice ? $"the device {path}" : string.Join(", ", _seen.Order(StringComparer.Ordinal)))}");
        }
    }

    /// <summary>What a limit means that was reached: too large for an archive of images, or none.</summary>
    public Exception TooMany(string limit) => _hasImages ? new TarException(limit) : NoImages(limit);

    /// <param name="why">How it was told.</param>
    public static EngineException NoImages(string? why = null) => EngineException.Invalid(
        $"the archive holds no image: neither manifest.json (docker save) nor index.json (OCI layout) is in it{(why is null ? "" : $", and {why}")}; a file system's archive is for import");
}
