using Berth.Testing.Processes;

namespace Berth.Testing.Archives;

/// <summary>Debian's minimal system as a tar; made once a machine, since that takes a minute.</summary>
public static class DebianArchive
{
    public static Task<string> PathAsync() => MadeAsync(Environment.GetEnvironmentVariable("BERTH_DEBIAN") ?? "/var/cache/berth-test/debian.tar");

    /// <summary>With sshd, Redis and its clients.</summary>
    public static Task<string> ServicesPathAsync() =>
        MadeAsync(Environment.GetEnvironmentVariable("BERTH_SERVICES") ?? "/var/cache/berth-test/services.tar", "openssh-server,redis-server,redis-tools");

    private static async Task<string> MadeAsync(string archive, params string[] packages)
    {
        _ = (await Run.Async("flock", ["/tmp/berth-debian-image.lock", $"{Programs.Checkout}/build/debian-image", archive, .. packages]).ConfigureAwait(false)).Text;
        return archive;
    }
}
