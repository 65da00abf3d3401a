namespace Berth.Cli.Commands;

/// <summary>Names of images as people write them.</summary>
internal static class ImageName
{
    /// <summary>"busybox" is "busybox:latest"; a digest stays.</summary>
    public static string WithTag(string name)
    {
        int slash = name.LastIndexOf('/');
        return name.Contains('@', StringComparison.Ordinal) || name.IndexOf(':', slash + 1) >= 0 ? name : $"{name}:latest";
    }

    /// <summary>Repository and tag of "host:5000/name:tag"; the tag may be empty.</summary>
    public static (string Repository, string Tag) Split(string name)
    {
        int colon = name.IndexOf(':', name.LastIndexOf('/') + 1);
        return colon < 0 ? (name, "") : (name[..colon], name[(colon + 1)..]);
    }
}
