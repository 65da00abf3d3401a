using System.Globalization;

using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>From a container that is set up to its program: first processes and execs alike.</summary>
internal static class ProcessPlanning
{
    public static void Run(PlanBuilder plan, RuntimeSpec spec, Process process, PlanInputs inputs)
    {
        plan.Step("leave the host's session keyring", "keyrings(7)");
        plan.Try([Errno.ENOSYS], null, "keyctl", KernelFlags.Named(Libc.KEYCTL_JOIN_SESSION_KEYRING, "KEYCTL_JOIN_SESSION_KEYRING"), 0);
        TerminalPlanning.Connect(plan, process, inputs);
        SchedulingPlanning.Set(plan, spec, process);
        Label(plan, process, inputs.Facts);
        EnterFolder(plan, process);
        CloseDescriptors(plan, inputs);
        RlimitPlanning.Set(plan, process, inputs.Facts);
        ResetSignals(plan, inputs.Facts);
        plan.Step("set umask", "process.user.umask");
        plan.Call("umask", KernelFlags.Octal(process.User?.Umask ?? 0x12));
        SeccompPolicy? policy = spec.Linux?.Seccomp;
        if (process.NoNewPrivileges)
        {
            plan.Step("set no_new_privs", "process.noNewPrivileges");
            plan.Call("prctl", KernelFlags.Named(Libc.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"), 1, 0, 0, 0);
        }

        bool late = process.NoNewPrivileges; // then the filter needs no privilege and can be the last step before execve
        IdentityPlanning.Become(plan, process, inputs.Facts, policy is null || late ? null : () => SeccompPlanning.Load(plan, policy));
        ProgramPlanning.Execute(plan, process, inputs, policy is not null && late ? () => SeccompPlanning.Load(plan, policy) : null);
    }

    /// <summary>Written while the host's /proc is in sight: the container may have none.</summary>
    public static void OomScore(PlanBuilder plan, Process process)
    {
        if (process.OomScoreAdj is not { } score)
        {
            return;
        }

        string text = score.ToString(CultureInfo.InvariantCulture);
        plan.Step($"set oom_score_adj {text}", "process.oomScoreAdj");
        Slot file = plan.Take("openat", KernelFlags.Cwd, "/proc/self/oom_score_adj", KernelFlags.Open(Libc.O_WRONLY));
        plan.Call("write", file, text, text.Length);
    }

    /// <summary>The working folder of a first process is made where it is missing, before the root turns read-only.</summary>
    public static void MakeFolder(PlanBuilder plan, Process process)
    {
        plan.Step($"open working folder {process.Cwd}", "process.cwd");
        plan.Folder = TargetPlanning.Open(plan, Clean(process.Cwd), folder: true);
    }

    // By a descriptor below the root, never by chdir(2): a path such as /proc/self/fd/7 would lead out (CVE-2024-21626).
    private static void EnterFolder(PlanBuilder plan, Process process)
    {
        plan.Step($"enter working folder {process.Cwd}", "process.cwd");
        Slot folder = plan.Folder ?? plan.Take("openat2", TargetPlanning.OpenBelow(plan, Clean(process.Cwd), Libc.O_PATH | Libc.O_DIRECTORY));
        plan.Call("fchdir", folder);
    }

    // Closed, not only marked: from here on paths of the container's choice are followed, and /proc/self/fd must not lead to anything of the
    // host's (CVE-2024-21626). The parent numbers report and gate so that they lie in this order above the program's own descriptors.
    // EINVAL is an empty range.
    private static void CloseDescriptors(PlanBuilder plan, PlanInputs inputs)
    {
        int first = 3 + inputs.PreservedDescriptors;
        plan.Step("close the host's descriptors", "CVE-2024-21626");
        plan.Try([Errno.EINVAL], null, "close_range", first, new Argument.Inherited("report", -1), 0);
        if (inputs.HasGate)
        {
            plan.Try([Errno.EINVAL], null, "close_range", new Argument.Inherited("report", 1), new Argument.Inherited("gate", -1), 0);
        }

        plan.Call("close_range", new Argument.Inherited(inputs.HasGate ? "gate" : "report", 1), KernelFlags.Named(uint.MaxValue, "~0"), 0);
    }

    public static void ResetSignals(PlanBuilder plan, HostFacts facts)
    {
        plan.Step("reset ignored signals", "signal(7)");
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((facts.IgnoredSignals >> (signal - 1) & 1) != 0)
            {
                plan.Call("rt_sigaction", signal, new Argument.Block(new byte[32], "{SIG_DFL}"), 0, 8);
            }
        }
    }

    private static void Label(PlanBuilder plan, Process process, HostFacts facts)
    {
        if (!string.IsNullOrEmpty(process.ApparmorProfile))
        {
            if (!facts.AppArmor)
            {
                throw ContainerPlanning.Refusal("process.apparmorProfile", $"is \"{process.ApparmorProfile}\", but this kernel has no AppArmor");
            }

            string text = $"exec {process.ApparmorProfile}";
            plan.Step($"ask for AppArmor profile {process.ApparmorProfile}", "process.apparmorProfile");
            Slot file = plan.NewSlot();
            var there = new Label();
            plan.Try(file, [Errno.ENOENT], null, there, "openat2", TargetPlanning.OpenBelow(plan, "proc/self/attr/apparmor/exec", Libc.O_WRONLY));
            plan.Into(file, "openat2", TargetPlanning.OpenBelow(plan, "proc/self/attr/exec", Libc.O_WRONLY));
            plan.Mark(there);
            plan.Call("write", file, text, text.Length);
        }

        if (!string.IsNullOrEmpty(process.SelinuxLabel) && facts.SeLinux)
        {
            throw ContainerPlanning.Refusal("process.selinuxLabel", "is set, which this runtime does not do");
        }
    }

    private static string Clean(string? cwd) =>
        cwd is { Length: > 0 } && cwd[0] == '/' ? Path.GetFullPath(cwd) : throw ContainerPlanning.Refusal("process.cwd", $"is \"{cwd}\", which is no absolute path");
}
