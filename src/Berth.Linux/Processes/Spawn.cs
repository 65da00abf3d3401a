using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Processes;

/// <summary>
/// Starts programs by posix_spawn(3): glibc makes it a clone(CLONE_VM | CLONE_VFORK) whose child runs none of this program's code,
/// so it is sound in a program with threads, which a fork is not.
/// </summary>
public static unsafe class Spawn
{
    /// <summary>Starts a program and returns its pid. The caller has to see to its end: <see cref="ChildReaper"/>.</summary>
    /// <exception cref="LinuxException">It could not be executed.</exception>
    public static int Start(SpawnRequest request)
    {
        // A descriptor may not lie where another is put before it was copied itself, so those are moved up first.
        using var moved = new MovedDescriptors(request.Descriptors);
        byte* actions = stackalloc byte[Libc.SpawnActionsSize];
        byte* attributes = stackalloc byte[Libc.SpawnAttributesSize];
        Check(Libc.posix_spawn_file_actions_init(actions), request.Program);
        try
        {
            for (int i = 0; i < request.Descriptors.Count; i++)
            {
                // dup2 in the child drops close-on-exec.
                Check(
                    moved[i] is { } number
                        ? Libc.posix_spawn_file_actions_adddup2(actions, number, i)
                        : Libc.posix_spawn_file_actions_addclose(actions, i),
                    request.Program);
            }

            // Ours are all close-on-exec, but libraries and the runtime open some that are not.
            Check(Libc.posix_spawn_file_actions_addclosefrom_np(actions, request.Descriptors.Count), request.Program);

            Check(Libc.posix_spawnattr_init(attributes), request.Program);
            try
            {
                Prepare(attributes, request);
                return Start(request, actions, attributes);
            }
            finally
            {
                _ = Libc.posix_spawnattr_destroy(attributes);
            }
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            GC.KeepAlive(request);
        }
    }

    // .NET ignores SIGPIPE and execve keeps what is ignored; nothing may be blocked either.
    private static void Prepare(byte* attributes, SpawnRequest request)
    {
        byte* set = stackalloc byte[Libc.SignalSetSize];
        _ = Libc.sigemptyset(set);
        Check(Libc.posix_spawnattr_setsigmask(attributes, set), request.Program);
        _ = Libc.sigfillset(set);
        Check(Libc.posix_spawnattr_setsigdefault(attributes, set), request.Program);
        short flags = Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF;
        if (request.OwnSession)
        {
            flags |= Libc.POSIX_SPAWN_SETSID;
        }

        Check(Libc.posix_spawnattr_setflags(attributes, flags), request.Program);
    }

    private static int Start(SpawnRequest request, byte* actions, byte* attributes)
    {
        using var argv = new CStringVector(request.Arguments);
        using var envp = new CStringVector(request.Environment);
        int pid;
        fixed (byte* path = CString.Of(request.Program))
        {
            Check(Libc.posix_spawn(&pid, path, actions, attributes, argv.Pointer, envp.Pointer), request.Program);
        }

        return pid;
    }

    // These return the error instead of setting errno.
    private static void Check(int error, string program)
    {
        if (error != 0)
        {
            throw new LinuxException("posix_spawn", program, error);
        }
    }

    /// <summary>
    /// Whether a descriptor has to be moved before it is put into its place. Places are filled in ascending order, so what lies at its place or above is still there when its
    /// turn comes; what lies below was overwritten. Thousands of sockets of published ports, which the kernel numbered in their order, are so passed without a copy of any.
    /// </summary>
    internal static bool IsOverwritten(int number, int place) => number < place;

    /// <summary>Where each descriptor to pass lies when its turn comes.</summary>
    private sealed class MovedDescriptors : IDisposable
    {
        private readonly int?[] _numbers;
        private readonly List<FileDescriptor> _copies = [];

        public MovedDescriptors(IReadOnlyList<FileDescriptor?> descriptors)
        {
            _numbers = new int?[descriptors.Count];
            for (int i = 0; i < descriptors.Count; i++)
            {
                if (descriptors[i] is not { } descriptor)
                {
                    continue;
                }

                _numbers[i] = descriptor.Number;
                if (IsOverwritten(descriptor.Number, i))
                {
                    FileDescriptor copy = DescriptorCopy.AtLeast(descriptor, descriptors.Count);
                    _copies.Add(copy);
                    _numbers[i] = copy.Number;
                }
            }
        }

        public int? this[int i] => _numbers[i];

        public void Dispose() => _copies.ForEach(c => c.Dispose());
    }
}
