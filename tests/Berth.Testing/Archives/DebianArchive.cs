using Berth.Testing.Processes;

namespace Berth.Testing.Archives;

/// <summary>Debian's minimal system as a tar; made once a machine, since that takes a minute.</summary>
public static class DebianArchive
{
    public static async Task<string> PathAsync()
    {
        string archive = Environment.GetEnvironmentVariable("BERTH_DEBIAN") ?? "/var/cache/berth-test/debian.tar";
        _ = (await Run.Async("flock", "/tmp/berth-debian-image.lock", $"{Programs.Checkout}/build/debian-image", archive).ConfigureAwait(false)).Text;
        return archive;
    }
}
