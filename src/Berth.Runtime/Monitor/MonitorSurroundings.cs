using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Runtime.Monitor;

/// <summary>What a monitor does to itself, so that it depends on nobody and passes nothing of its caller on to the container.</summary>
internal static unsafe class MonitorSurroundings
{
    /// <summary>Leaves the caller's session, folder and file mode mask, and ignores what would end it: only SIGKILL does.</summary>
    public static void Leave()
    {
        _ = Libc.setsid(); // EPERM: leads a process group already, as when started from a shell
        ReadOnlySpan<int> ignored =
        [
            Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGPIPE, Libc.SIGALRM, Libc.SIGTERM, Libc.SIGUSR1, Libc.SIGUSR2,
            Libc.SIGTSTP, Libc.SIGTTIN, Libc.SIGTTOU,
        ];
        foreach (int signal in ignored)
        {
            _ = Libc.signal(signal, Libc.SIG_IGN);
        }

        fixed (byte* root = "/"u8)
        {
            _ = Libc.chdir(root);
        }

        _ = Libc.umask(0x12); // 022, what processes in containers expect
    }

    /// <summary>
    /// Gives the process a name: it was executed by a descriptor, so the kernel called it by that descriptor's number (execveat(2)), and ps, ss and our own
    /// "has the port" would name "51".
    /// </summary>
    public static void Name()
    {
        try
        {
            using FileDescriptor name = FileDescriptor.Open("/proc/self/comm", Libc.O_WRONLY);
            _ = Linux.Polling.NonBlocking.Write(name, "berth-monitor"u8);
        }
        catch (LinuxException)
        {
            // A name is a help for people and nothing else.
        }
    }

    /// <summary>Takes over a descriptor that the caller promised to pass.</summary>
    public static FileDescriptor Inherit(int number, string what)
    {
        if (Libc.fcntl(number, Libc.F_SETFD, Libc.FD_CLOEXEC) < 0)
        {
            throw LinuxException.Last("fcntl", $"descriptor {number}, which should be {what}");
        }

        return new FileDescriptor(number);
    }

    /// <summary>Points descriptors 0 to 2 to /dev/null: the caller's pipes and terminals must not stay open for the container's life.</summary>
    public static void DropStandardStreams()
    {
        using FileDescriptor nothing = FileDescriptor.Open("/dev/null", Libc.O_RDWR);
        for (int i = 0; i < 3; i++)
        {
            _ = Libc.dup3(nothing.Number, i, 0);
        }
    }

    /// <summary>Unsets the audit login uid, which a daemon restarted from somebody's shell would pass on: PAM in the container could not set its own.</summary>
    public static void UnsetLoginUid()
    {
        const string path = "/proc/self/loginuid";
        Span<byte> value = stackalloc byte[32];
        try
        {
            using FileDescriptor file = FileDescriptor.Open(path, Libc.O_RDONLY);
            int n = Linux.Polling.NonBlocking.Read(file, value);
            if (n > 0 && !value[..n].SequenceEqual("4294967295"u8))
            {
                // Opened anew: behind what was read the kernel takes no value (EINVAL).
                using FileDescriptor unset = FileDescriptor.Open(path, Libc.O_WRONLY);
                _ = Linux.Polling.NonBlocking.Write(unset, "4294967295"u8); // EPERM: made immutable by the host's audit rules
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EACCES or Errno.EROFS)
        {
            // A kernel without audit has none.
        }
    }

    /// <summary>Moves all threads into the monitors' cgroup, unless the caller has started us there.</summary>
    public static void JoinCgroup(string path)
    {
        if (IsInCgroup(path))
        {
            return;
        }

        using CgroupEntry entry = CgroupHost.Detect().Create(path).OpenEntry();
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            byte[] id = System.Text.Encoding.ASCII.GetBytes(Path.GetFileName(thread));
            foreach ((string hierarchy, FileDescriptor tasks) in entry.Tasks)
            {
                FileWrite.All(tasks, id, $"tasks of {hierarchy}:{path}");
            }
        }

        if (entry.Folder is not null)
        {
            using FileDescriptor processes = FileDescriptor.OpenAt(entry.Folder, "cgroup.procs", Libc.O_WRONLY);
            FileWrite.All(processes, "0"u8, $"cgroup.procs of {path}");
        }
    }

    /// <summary>Whether /proc/self/cgroup names this path in every hierarchy.</summary>
    private static bool IsInCgroup(string path)
    {
        using Linux.Memory.PageBuffer pages = WholeFile.Read("/proc/self/cgroup", 64 * 1024, out int length);
        ReadOnlySpan<byte> text = pages.Bytes[..length];
        byte[] wanted = CString.Of(path)[..^1];
        while (!text.IsEmpty)
        {
            int newline = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = newline < 0 ? text : text[..newline];
            text = newline < 0 ? default : text[(newline + 1)..];
            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> rest = line[(colon + 1)..];
            if (!rest[(rest.IndexOf((byte)':') + 1)..].SequenceEqual(wanted))
            {
                return false;
            }
        }

        return true;
    }
}
