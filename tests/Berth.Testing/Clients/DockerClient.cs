using Berth.Testing.Daemons;
using Berth.Testing.Processes;

namespace Berth.Testing.Clients;

/// <summary>A stock docker command line.</summary>
public sealed record DockerClient(string Path, string Name)
{
    /// <summary>docker 28, as preinstalled; null where it is missing.</summary>
    public static DockerClient? V28 => At("/usr/local/bin/docker", "docker 28");

    /// <summary>docker 20.10, Debian's; null where it is missing.</summary>
    public static DockerClient? V20 => At("/usr/bin/docker", "docker 20.10");

    /// <summary>Ours, which is to behave the same.</summary>
    public static DockerClient Berth => new(Programs.Berth, "berth");

    /// <summary>The variables that point it at a daemon and keep the user's configuration out.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentFor(TestDaemon daemon) => new Dictionary<string, string>
    {
        ["DOCKER_HOST"] = $"unix://{daemon.Socket}",
        ["DOCKER_CONFIG"] = daemon.Folder,
        ["DOCKER_CLI_HINTS"] = "false",
        ["TERM"] = "xterm",
    };

    public Task<ProcessResult> RunAsync(TestDaemon daemon, params string[] arguments) => RunAsync(daemon, null, arguments);

    public Task<ProcessResult> RunAsync(TestDaemon daemon, Stream? input, params string[] arguments) => Run.Async(Path, arguments, input, EnvironmentFor(daemon));

    /// <summary>The client on a terminal.</summary>
    public PtySession OnTerminal(TestDaemon daemon, string arguments, int rows = 24, int columns = 80) =>
        PtySession.Start($"{Path} {arguments}", rows, columns, EnvironmentFor(daemon));

    public override string ToString() => Name;

    private static DockerClient? At(string path, string name) => File.Exists(path) ? new DockerClient(path, name) : null;
}
