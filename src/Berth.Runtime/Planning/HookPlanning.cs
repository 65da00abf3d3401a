using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Hooks are the parent's. The container's first process only waits for them; those that run inside are a short plan of their own.</summary>
internal static class HookPlanning
{
    public static void Wait(PlanBuilder plan, PlanInputs inputs)
    {
        if (!inputs.HasHooks)
        {
            return;
        }

        plan.Step("wait for the hooks", "hooks");
        Report.Send(plan, Report.Hooks, "HOOKS");
        plan.Call("read", PlanBuilder.Report, new Argument.Block(new byte[8], "buffer"), 1);

        // read(2) gives 0 when the parent died instead of answering; this message then fails with EPIPE.
        Report.Send(plan, Report.Hooks, "HOOKS");
    }

    /// <summary>A hook inside: joined namespaces, the runtime's own privileges, no filter.</summary>
    public static InitPlan Compile(RuntimeSpec spec, Hook hook, Process process, PlanInputs inputs)
    {
        var plan = new PlanBuilder();
        plan.Begin();
        plan.Step("join the container's namespaces", "hooks");
        plan.Call("setns", PlanBuilder.Fd("pidfd"), KernelFlags.CloneFlag(Libc.CLONE_NEWNS | NamespacePlanning.Joinable(spec)));
        TerminalPlanning.Connect(plan, process, inputs);
        plan.Step($"run hook {hook.Path}", "hooks");
        plan.Try([Linux.Errno.EINVAL], null, "close_range", 3, new Argument.Inherited("report", -1), 0); // EINVAL: an empty range
        plan.Call("close_range", new Argument.Inherited("report", 1), KernelFlags.Named(uint.MaxValue, "~0"), 0);
        ProcessPlanning.ResetSignals(plan, inputs.Facts);
        plan.Step($"run hook {hook.Path}", "hooks");
        Report.Send(plan, Report.Running, "RUNNING");
        plan.Call("rt_sigprocmask", KernelFlags.Named(2, "SIG_SETMASK"), new Argument.Block(new byte[8], "[]"), 0, 8);
        plan.Call("execve", hook.Path ?? "", new Argument.TextVector(process.Args ?? []), new Argument.TextVector(process.Env ?? []));
        return plan.Build(0);
    }
}
