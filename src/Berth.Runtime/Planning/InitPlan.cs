using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>
/// All that a child does between clone3 and its program: a flat table of system calls, made by a pure function, printed for review by
/// <see cref="ToString"/>, laid in unmanaged memory by <see cref="Seal"/>, and carried out by Init/InitLoop.cs.
/// </summary>
internal sealed record InitPlan(long CloneFlags, IReadOnlyList<PlannedCall> Calls, int Slots)
{
    /// <summary>The plan of a container's first process.</summary>
    public static InitPlan Compile(RuntimeSpec spec, PlanInputs inputs) => ContainerPlanning.Compile(spec, inputs);

    /// <summary>The plan of one more process in a running container.</summary>
    public static InitPlan CompileExec(RuntimeSpec spec, Process process, PlanInputs inputs) => ExecPlanning.Compile(spec, process, inputs);

    public override string ToString() => PlanText.Print(this);

    /// <summary>Lays the plan out for the loop.</summary>
    /// <param name="descriptors">Numbers of the inherited descriptors, by name.</param>
    /// <param name="failStep">A step to replace by one that fails with EBADF; null for none.</param>
    public SealedPlan Seal(IReadOnlyDictionary<string, int> descriptors, int? failStep = null) => SealedPlan.Of(this, descriptors, failStep);
}
