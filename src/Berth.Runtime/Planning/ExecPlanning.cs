using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Joining a running container: the same loop, another plan. The pid namespace is the parent's part (setns before clone3).</summary>
internal static class ExecPlanning
{
    public static InitPlan Compile(RuntimeSpec spec, Process process, PlanInputs inputs)
    {
        var plan = new PlanBuilder();
        plan.Begin();
        CgroupPlanning.Enter(plan, inputs);
        ProcessPlanning.OomScore(plan, process);

        long join = Libc.CLONE_NEWNS | NamespacePlanning.Joinable(spec);
        plan.Step("join the container's namespaces", "linux.namespaces");
        plan.Call("setns", PlanBuilder.Fd("pidfd"), KernelFlags.CloneFlag(join));
        plan.Call("umask", KernelFlags.Octal(0));
        plan.Root = plan.Take("openat", KernelFlags.Cwd, "/", KernelFlags.Open(Libc.O_PATH | Libc.O_DIRECTORY));
        ProcessPlanning.Run(plan, spec, process, inputs);
        return plan.Build(0);
    }
}
