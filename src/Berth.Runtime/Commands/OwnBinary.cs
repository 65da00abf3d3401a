using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Mounts;
using Berth.Linux.Processes;

namespace Berth.Runtime.Commands;

/// <summary>
/// Keeps containers from overwriting this program (CVE-2019-5736): a container may make its own program a link to /proc/self/exe, or name that
/// as its interpreter, and then holds the host's file in the shape of its own executable. So the runtime runs from a read-only view of its file,
/// a detached mount that is in no namespace: what such a container gets cannot be opened for writing, and the page cache stays shared.
/// berthd starts monitors from such a view right away.
/// </summary>
internal static unsafe class OwnBinary
{
    private const string Marker = "BERTH_RUNTIME_PROTECTED";

    /// <summary>Does nothing when it is so already; else executes itself again.</summary>
    public static void Protect()
    {
        using FileDescriptor own = FileDescriptor.Open("/proc/self/exe", Libc.O_PATH);
        Libc.statfs_data data;
        if (Libc.fstatfs(own.Number, &data) == 0 && (data.f_flags & Libc.ST_RDONLY) != 0)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(Marker) is not null)
        {
            throw new CommandException("cannot protect the runtime's own file: its read-only view did not become so");
        }

        using FileDescriptor view = ReadOnlyView.Of(own, "the runtime's own file");
        Execute(view);
    }

    private static void Execute(FileDescriptor view)
    {
        using var argv = new CStringVector(Environment.GetCommandLineArgs());
        var environment = new List<string> { $"{Marker}=1" };
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        using var envp = new CStringVector(environment);
        fixed (byte* empty = CString.Of(""))
        {
            _ = Libc.execveat(view.Number, empty, argv.Pointer, envp.Pointer, Libc.AT_EMPTY_PATH);
            throw LinuxException.Last("execveat", "the view of the runtime's own file");
        }
    }
}
