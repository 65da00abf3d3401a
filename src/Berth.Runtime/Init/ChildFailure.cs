using Berth.Linux;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Init;

/// <summary>Turns what a child reported into words.</summary>
internal static class ChildFailure
{
    /// <summary>A step failed.</summary>
    public static LaunchException Of(InitPlan plan, int index, int errno, string program)
    {
        PlannedCall call = plan.Calls[index];
        if (call.Origin == "process.args[0]" && call.Name is "faccessat" or "execve")
        {
            return OfProgram(call, errno, program);
        }

        int code = call.Origin == "process.cwd" ? CodeOf(errno) : 128;
        string message = call.Origin == "process.cwd" && errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES
            ? $"chdir to cwd (\"{call.Step["enter working folder ".Length..]}\") set in config.json failed: {Errno.Describe(errno)}"
            : $"{call.Step} failed: {PlanText.Call(call)}: {Errno.Describe(errno)} ({Errno.Name(errno)}); asked for by {call.Origin}{Hint(call, errno)}";
        return new LaunchException(call.Step, errno, code, message);
    }

    /// <summary>It died before it ran its program.</summary>
    public static LaunchException OfDeath(int status) => new(
        "start", 0, 128,
        status == 128 + 9
            ? "the container's first process was killed before it ran its program (by the memory limit, if that is only a few megabytes)"
            : $"the container's first process ended with status {status} before it ran its program");

    // The words are those of runc, which clients and scripts look for.
    private static LaunchException OfProgram(PlannedCall call, int errno, string program)
    {
        bool searched = !program.Contains('/', StringComparison.Ordinal);
        string message = (call.Name, errno) switch
        {
            ("faccessat", _) when searched => $"exec: \"{program}\": executable file not found in $PATH",
            ("faccessat", Errno.EACCES) => $"exec: \"{program}\": permission denied",
            ("faccessat", _) => $"exec: \"{program}\": stat {program}: {Errno.Describe(errno)}",
            (_, Errno.ENOENT) => $"exec {program}: no such file or directory: the file is there, but the interpreter it names (in its first line, or its ELF loader) is not",
            _ => $"exec {program}: {Errno.Describe(errno)}",
        };
        return new LaunchException(call.Step, errno, searched && call.Name == "faccessat" ? 127 : CodeOf(errno), message);
    }

    private static int CodeOf(int errno) => errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG ? 127 : 126;

    private static string Hint(PlannedCall call, int errno) => (call.Name, errno) switch
    {
        ("move_mount", Errno.ENOTDIR) => ": one of source and target is a folder and the other is not",
        ("openat2", Errno.ENOTDIR) => ": a mount needs a folder on a folder and a file on a file",
        ("openat2", Errno.ELOOP) => ": a symbolic link is in the way",
        _ => "",
    };
}
