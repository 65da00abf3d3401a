namespace Berth.Runtime.Planning;

/// <summary>Entering cgroups, first of all: what follows is charged and limited already. On v2 clone3 itself does it (CLONE_INTO_CGROUP).</summary>
internal static class CgroupPlanning
{
    public static void Enter(PlanBuilder plan, PlanInputs inputs)
    {
        foreach (string hierarchy in inputs.Hierarchies)
        {
            plan.Step($"enter cgroup {hierarchy}", "linux.cgroupsPath");
            plan.Call("write", PlanBuilder.Fd($"tasks:{hierarchy}"), "0", 1);
        }
    }
}
