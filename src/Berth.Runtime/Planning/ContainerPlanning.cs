using Berth.Oci.Runtime;
using Berth.Runtime.Init;

namespace Berth.Runtime.Planning;

/// <summary>
/// The order of a container's start. Parent and child meet at three points; all messages are eight bytes on the report socket:
/// <code>
/// parent                                    child
/// ------                                    -----
/// clone3                                    enters its cgroups and namespaces
/// runs createRuntime hooks   &lt;- Hooks -     waits for a byte
///                            - byte -&gt;      root file system, mounts, devices, identity
/// create ends                &lt;- Waiting -   (with a gate) accept4: whoever connects is the new parent of the report
/// start connects             - connect -&gt;
///                            &lt;- Running -   execve; the socket closes by itself
///                            &lt;- step,errno  anything failed, at any point
/// </code>
/// </summary>
internal static class ContainerPlanning
{
    public static InitPlan Compile(RuntimeSpec spec, PlanInputs inputs)
    {
        Process process = spec.Process ?? throw Refusal("process", "is missing");
        var plan = new PlanBuilder();
        plan.Begin();
        CgroupPlanning.Enter(plan, inputs);
        long clone = NamespacePlanning.Enter(plan, spec, inputs);
        HookPlanning.Wait(plan, inputs);
        ProcessPlanning.OomScore(plan, process);
        RootPlanning.Open(plan, spec, inputs);
        IReadOnlyList<Slot?> sources = BindPlanning.Open(plan, spec, inputs);
        plan.CgroupTrees = CgroupMountPlanning.Open(plan, spec, inputs);
        RootPlanning.Enter(plan, spec, inputs);
        MountPlanning.Mount(plan, spec, inputs, sources);
        DevicePlanning.Make(plan, spec, inputs);
        NamespacePlanning.Name(plan, spec);
        SysctlPlanning.Write(plan, spec);
        MaskPlanning.Hide(plan, spec, inputs);
        ProcessPlanning.MakeFolder(plan, process);
        RootPlanning.Finish(plan, spec);
        ProcessPlanning.Run(plan, spec, process, inputs);
        return plan.Build(clone);
    }

    /// <summary>What a spec asks for and this runtime does not do, or that cannot be.</summary>
    public static LaunchException Refusal(string member, string why) => new("check config.json", 0, 128, $"config.json: {member} {why}");
}
