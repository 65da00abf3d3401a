using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Interop;
using Berth.Linux.Processes;
using Berth.Linux.Seccomp;
using Berth.Runtime.Planning;

namespace Berth.Runtime.Init;

/// <summary>A clone that runs a plan, as its parent sees it: the report socket and what comes over it.</summary>
internal sealed unsafe class Child : IDisposable
{
    private readonly InitPlan _plan;
    private readonly FileDescriptor _report;
    private readonly string _program;

    private Child(InitPlan plan, string program, FileDescriptor report, int pid, FileDescriptor pidFd)
    {
        _plan = plan;
        _program = program;
        _report = report;
        Pid = pid;
        PidFd = pidFd;
    }

    public int Pid { get; }

    public FileDescriptor PidFd { get; }

    /// <summary>Clones. The child is a copy with one thread, whatever this process has.</summary>
    /// <param name="plan">What it does.</param>
    /// <param name="descriptors">What the plan names.</param>
    /// <param name="cgroup">A v2 folder to start it in.</param>
    /// <param name="pidNamespace">A pid namespace to start it in: a pidfd or the namespace itself.</param>
    /// <param name="program">args[0], for messages.</param>
    /// <param name="failStep">For tests: a step that fails.</param>
    public static Child Start(InitPlan plan, InheritedDescriptors descriptors, FileDescriptor? cgroup, FileDescriptor? pidNamespace, string program, int? failStep = null)
    {
        int pidFd = -1;
        var args = new Libc.clone_args
        {
            flags = (ulong)plan.CloneFlags | Libc.CLONE_PIDFD | (cgroup is null ? 0 : Libc.CLONE_INTO_CGROUP),
            pidfd = (ulong)&pidFd,
            exit_signal = Libc.SIGCHLD,
            cgroup = (ulong)(cgroup?.Number ?? 0),
        };
        using SealedPlan steps = plan.Seal(descriptors.Numbers, failStep);
        int clone = SyscallTable.Native("clone3"), write = SyscallTable.Native("write"), exit = SyscallTable.Native("exit_group");
        long pid;
        using (pidNamespace is null ? null : new PidNamespaceVisit(pidNamespace)) // no longer than this: no thread could be made meanwhile
        using (SignalBlock.All()) // until the plan unblocks them: no handler of ours may run in the child
        {
            pid = InitLoop.Clone(clone, write, exit, &args, steps.Steps, steps.Count, steps.Slots);
        }

        if (pid < 0)
        {
            throw new LaunchException("clone3", (int)-pid, 128, $"clone3({KernelFlags.Clone(plan.CloneFlags)}) failed: {Errno.Describe((int)-pid)} ({Errno.Name((int)-pid)})");
        }

        return new Child(plan, program, descriptors.Report, (int)pid, new FileDescriptor(pidFd));
    }

    /// <summary>Lets a child go on that waits for its hooks.</summary>
    private void Continue() => FileWrite.All(_report, [1], "the report socket");

    /// <summary>Waits for the next message.</summary>
    /// <returns>A message of <see cref="Report"/>, or 0 at the end: the program runs, if <see cref="Report.Running"/> came before.</returns>
    /// <exception cref="LaunchException">A step failed.</exception>
    private long Next()
    {
        if (TryRead(_report) is not { } message)
        {
            return 0;
        }

        return message < 0 ? message : throw ChildFailure.Of(_plan, (int)(message >> 32), (int)(uint)message, _program);
    }

    /// <summary>Follows it up to its program, or to the gate.</summary>
    public void Await(Action? hooks)
    {
        bool running = false, ran = false;
        while (true)
        {
            switch (Next())
            {
                case Report.Hooks when ran:
                    break; // only to find out whether we live
                case Report.Hooks:
                    hooks?.Invoke();
                    ran = true;
                    Continue();
                    break;
                case Report.Waiting:
                    return;
                case Report.Running:
                    running = true;
                    break;
                default:
                    if (!running)
                    {
                        throw ChildFailure.OfDeath(Reap());
                    }

                    return;
            }
        }
    }

    /// <summary>Ends it, whatever it does, and takes its status.</summary>
    public int Reap()
    {
        try
        {
            Linux.Processes.PidFd.Signal(PidFd, Libc.SIGKILL);
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // ended by itself
        }

        Libc.pollfd item = new() { fd = PidFd.Number, events = Libc.POLLIN };
        while (Libc.poll(&item, 1, -1) < 0)
        {
            item.revents = 0; // EINTR
        }

        return Linux.Processes.PidFd.TryReap(PidFd) ?? 0;
    }

    public void Dispose() => _report.Dispose();

    /// <summary>Eight bytes, or null at the end of the stream.</summary>
    public static long? TryRead(FileDescriptor report)
    {
        long message = 0;
        int got = 0;
        while (got < sizeof(long))
        {
            nint n = Libc.read(report.Number, (byte*)&message + got, sizeof(long) - got);
            if (n > 0)
            {
                got += (int)n;
            }
            else if (n == 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return null;
            }
        }

        return message;
    }
}
