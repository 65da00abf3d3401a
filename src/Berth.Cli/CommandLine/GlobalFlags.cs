namespace Berth.Cli.CommandLine;

/// <summary>The flags before the command's name.</summary>
internal static class GlobalFlags
{
    private static readonly string[] Levels = ["debug", "info", "warn", "error", "fatal"];

    // TLS and contexts are named so that asking for them is answered, not misread as a typing mistake.
    private static readonly string[] NotThere = ["tls", "tlsverify", "tlscacert", "tlscert", "tlskey"];

    public static Flag[] Table { get; } =
    [
        Flag.Text("config", "Where the client's own files are (not there yet)"),
        Flag.Text("context", "Name of the context to use (only \"default\" is there)", 'c'),
        Flag.Bool("debug", "Enable debug mode", 'D'),
        Flag.List("host", "Daemon socket to connect to", 'H'),
        Flag.Text("log-level", "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", 'l', "\"info\"") with { Choices = Levels },
        Flag.Bool("tls", "Use TLS (not there yet)"),
        Flag.Text("tlscacert", "Trust certificates signed only by this CA (not there yet)"),
        Flag.Text("tlscert", "Path to the TLS certificate file (not there yet)"),
        Flag.Text("tlskey", "Path to the TLS key file (not there yet)"),
        Flag.Bool("tlsverify", "Use TLS and verify the daemon (not there yet)"),
        Flag.Bool("version", "Print version information and quit", 'v'),
    ];

    /// <summary>Puts them into effect; true when that was all there was to do.</summary>
    public static bool Apply(Session session, Arguments given)
    {
        if (given.Is("version"))
        {
            session.Out.Line(VersionLine(session.Program));
            return true;
        }

        foreach (string name in NotThere)
        {
            if (given.Given(name) && given.Text(name) != "false")
            {
                throw new CliException($"cannot use --{name}: TLS to the daemon is not there yet; use a unix:// socket, or tcp:// inside a protected network");
            }
        }

        if (session.Variable("DOCKER_TLS_VERIFY") is not null)
        {
            throw new CliException("cannot honour DOCKER_TLS_VERIFY: TLS to the daemon is not there yet; unset it, or use a unix:// socket");
        }

        if (given.Given("config"))
        {
            throw new CliException($"cannot use --config {given.Text("config")}: the client has no files of its own yet");
        }

        string context = given.Text("context", session.Variable("DOCKER_CONTEXT") ?? "default");
        if (context is not ("default" or ""))
        {
            throw new CliException($"cannot use the context \"{context}\": contexts are not there yet; name the daemon with -H or DOCKER_HOST");
        }

        if (Array.IndexOf(Levels, given.Text("log-level", "info")) < 0)
        {
            throw new CliException($"Unable to parse logging level: {given.Text("log-level")}");
        }

        IReadOnlyList<string> hosts = given.All("host");
        session.Host = hosts.Count switch
        {
            0 => null,
            1 => hosts[0],
            _ => throw new CliException("Specify only one -H"),
        };
        session.Debug = given.Is("debug") || given.Text("log-level") == "debug";
        return false;
    }

    /// <summary>"Berth version 0.1.0", and under Docker's name Docker's form, which scripts cut apart.</summary>
    public static string VersionLine(string program) => program == "docker"
        ? $"Docker version {Identity.Version}, build berth"
        : $"Berth version {Identity.Version}";
}
