using Berth.Tests;

namespace Berth.Images.Tests;

/// <summary>Debian's minimal system as a tar; made once a machine, since that takes a minute.</summary>
internal static class DebianArchive
{
    private static readonly Lazy<string> Made = new(() =>
    {
        string archive = Environment.GetEnvironmentVariable("BERTH_DEBIAN") ?? "/var/cache/berth-test/debian.tar";
        TestShell.Run($"flock /tmp/berth-debian-image.lock {BusyboxImage.Checkout()}/build/debian-image {archive}");
        return archive;
    });

    public static string Path => Made.Value;
}
