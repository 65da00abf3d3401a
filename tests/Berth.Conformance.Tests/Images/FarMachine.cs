using Berth.Testing.Processes;

namespace Berth.Conformance.Tests.Images;

/// <summary>
/// Another machine as a client sees it through ssh: a program ssh in the PATH, which runs what it is given by a shell with nothing but what the
/// other machine has installed. The streams, the words and the exit codes are as ssh(1) has them.
/// </summary>
internal sealed class FarMachine
{
    private readonly string _folder;
    private readonly string _ssh;

    /// <param name="folder">Its own to make.</param>
    public FarMachine(string folder)
    {
        (_folder, _ssh) = (Path.Join(folder, "far"), Path.Join(folder, "ssh"));
        Directory.CreateDirectory(_folder);
        Directory.CreateDirectory(_ssh);
        File.CreateSymbolicLink(Path.Join(_folder, "sh"), "/bin/sh");
        Answer("exec env -i PATH=" + _folder + " /bin/sh -c \"$*\"");
    }

    /// <summary>The PATH of who calls it.</summary>
    public string SearchPath => $"{_ssh}:/usr/bin:/bin";

    /// <summary>A PATH without any ssh.</summary>
    public string NoPath => _folder;

    /// <summary>What ssh does in the end, as a line of shell; $host is where, $* what.</summary>
    public void Answer(string line) => Write(Path.Join(_ssh, "ssh"), $"while [ \"$1\" != -- ]; do shift; done\nhost=$2\nshift 2\n{line}");

    /// <summary>Installs a program there.</summary>
    public void Install(string name, string line) => Write(Path.Join(_folder, name), line);

    /// <summary>Runs a client here.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="socket">The daemon here.</param>
    /// <param name="path">SearchPath, or NoPath.</param>
    /// <param name="words">Its words.</param>
    public Task<ProcessResult> RunAsync(string program, string socket, string path, params string[] words) => Run.Async(
        "/usr/bin/env", ["-i", $"PATH={path}", $"DOCKER_HOST={socket}", $"DOCKER_CONFIG={_ssh}", $"HOME={_ssh}", "DOCKER_CLI_HINTS=false", program, .. words]);

    private static void Write(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
