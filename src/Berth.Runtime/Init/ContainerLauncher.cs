using Berth.Oci.Runtime;

namespace Berth.Runtime.Init;

/// <summary>
/// Starts first processes and execs. The caller is single-threaded, is the process's parent afterwards and reaps it.
/// Both calls return once the program runs (or, with a gate, waits for its start), or throw and leave nothing behind.
/// </summary>
internal static class ContainerLauncher
{
    /// <summary>Makes the cgroup that the spec names, clones, and runs the plan up to the program.</summary>
    /// <exception cref="LaunchException">A step failed; the child is reaped and the cgroup removed.</exception>
    public static LaunchedProcess Start(RuntimeSpec spec, LaunchResources resources) => throw new InvalidOperationException();

    /// <summary>Runs one more program in a running container.</summary>
    /// <exception cref="LaunchException">A step failed; the child is reaped.</exception>
    public static LaunchedProcess Exec(Process process, ExecTarget target, Stdio? stdio) => throw new InvalidOperationException();
}
