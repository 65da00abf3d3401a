using Berth.Linux.Interop;

namespace Berth.Runtime.Init;

/// <summary>
/// What a child runs between clone3 and its program, and nothing else. It is a copy of a managed process with one thread left, so it may not
/// allocate, throw, box or touch a static; a test reads its IL and refuses all that. Everything it does is in the plan's steps.
/// </summary>
internal static unsafe class InitLoop
{
    /// <summary>Clones; the child runs the steps and never returns.</summary>
    /// <param name="cloneNumber">clone3's number: a constant here would differ by architecture.</param>
    /// <param name="writeNumber">write's.</param>
    /// <param name="exitNumber">exit_group's.</param>
    /// <returns>The child's pid, or minus the errno of clone3.</returns>
    public static long Clone(
        int cloneNumber, int writeNumber, int exitNumber, Libc.clone_args* args, InitStep* steps, int count, long* slots)
    {
        long pid = Libc.syscall(cloneNumber, (nint)args, sizeof(Libc.clone_args), 0, 0, 0, 0);
        if (pid == 0)
        {
            Run(steps, count, slots, writeNumber);
            Libc.syscall(exitNumber, 127, 0, 0, 0, 0, 0);
        }

        return pid >= 0 ? pid : -*Libc.__errno_location();
    }

    // Slot 0 is the report socket: a plan may move it.
    private static void Run(InitStep* steps, int count, long* slots, int writeNumber)
    {
        for (int i = 0; i < count; i++)
        {
            InitStep* s = steps + i;
            long r = Libc.syscall(s->Number, Arg(s, 0, slots), Arg(s, 1, slots), Arg(s, 2, slots), Arg(s, 3, slots), Arg(s, 4, slots), Arg(s, 5, slots));
            if (r >= 0)
            {
                if (s->Result >= 0)
                {
                    slots[s->Result] = r;
                }

                i += s->Leap;
                continue;
            }

            int errno = *Libc.__errno_location();
            if (errno < 64 && (s->Tolerated >> errno & 1) != 0)
            {
                i += s->Skip; // forward only, as in a seccomp filter: it must end
                continue;
            }

            long failure = (long)i << 32 | (uint)errno; // the parent prints plan[i], so the child needs no text
            Libc.syscall(writeNumber, (nint)slots[0], (nint)(&failure), sizeof(long), 0, 0, 0);
            return;
        }
    }

    private static nint Arg(InitStep* s, int i, long* slots) => (nint)((s->SlotMask >> i & 1) != 0 ? slots[s->Args[i]] : s->Args[i]);
}
