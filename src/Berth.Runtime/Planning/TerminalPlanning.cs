using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Descriptors 0, 1 and 2, and the controlling terminal. The parent made the terminal on the container's own devpts and holds its master.</summary>
internal static class TerminalPlanning
{
    private static readonly string[] Names = ["stdin", "stdout", "stderr"];

    public static void Connect(PlanBuilder plan, Process process, PlanInputs inputs)
    {
        plan.Step("start a session", "process.terminal");
        plan.Call("setsid");
        uint owner = process.User?.Uid ?? 0;
        if (process.Terminal)
        {
            plan.Step("take the terminal", "process.terminal");
            plan.Call("fchown", PlanBuilder.Fd("terminal"), owner, -1);
            plan.Call("ioctl", PlanBuilder.Fd("terminal"), KernelFlags.Named(Libc.TIOCSCTTY, "TIOCSCTTY"), 0);
        }

        for (int fd = 0; fd < 3; fd++)
        {
            plan.Step($"connect {Names[fd]}", process.Terminal ? "process.terminal" : "descriptor");
            if (process.Terminal || inputs.HasStdio)
            {
                plan.Call("dup3", PlanBuilder.Fd(process.Terminal ? "terminal" : Names[fd]), fd, 0);
            }

            if (!process.Terminal && owner != 0 && inputs.Facts.StdioOwnable[fd])
            {
                // So that the user may open /dev/stdout again. A pipe or socket of the host's root may refuse (crun and runc go on as well).
                plan.Try([Errno.EPERM, Errno.EINVAL], null, "fchown", fd, owner, -1);
            }
        }
    }
}
