using System.Globalization;

using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Execution domain, I/O priority, scheduling policy.</summary>
internal static class SchedulingPlanning
{
    private static readonly string[] Policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "", "SCHED_IDLE", "SCHED_DEADLINE"];

    public static void Set(PlanBuilder plan, RuntimeSpec spec, Process process)
    {
        if (spec.Linux?.Personality is { } personality)
        {
            long domain = personality.Domain switch
            {
                "LINUX" => 0,
                "LINUX32" => 8,
                _ => throw ContainerPlanning.Refusal("linux.personality.domain", $"is \"{personality.Domain}\", which is none"),
            };
            plan.Step($"set execution domain {personality.Domain}", "linux.personality");
            plan.Call("personality", domain);
        }

        if (process.IoPriority is { } io)
        {
            long type = io.Class switch
            {
                "IOPRIO_CLASS_RT" => 1,
                "IOPRIO_CLASS_BE" => 2,
                "IOPRIO_CLASS_IDLE" => 3,
                _ => throw ContainerPlanning.Refusal("process.ioPriority.class", $"is \"{io.Class}\", which is none"),
            };
            plan.Step($"set I/O priority {io.Class} {io.Priority}", "process.ioPriority");
            plan.Call("ioprio_set", KernelFlags.Named(1, "IOPRIO_WHO_PROCESS"), 0, type << 13 | (uint)io.Priority);
        }

        if (process.Scheduler is { } scheduler)
        {
            SetPolicy(plan, scheduler);
        }

        if (process.ExecCPUAffinity is not null)
        {
            throw ContainerPlanning.Refusal("process.execCPUAffinity", "is set, which this runtime does not do");
        }
    }

    // struct sched_attr, sched_setattr(2).
    private static void SetPolicy(PlanBuilder plan, Scheduler scheduler)
    {
        int policy = Array.IndexOf(Policies, scheduler.Policy ?? "?");
        if (policy < 0 || scheduler.Flags is { Count: > 0 })
        {
            throw ContainerPlanning.Refusal("process.scheduler", $"asks for {scheduler.Policy} {string.Join(' ', scheduler.Flags ?? [])}, which this runtime does not do");
        }

        byte[] data = new byte[48];
        BitConverter.TryWriteBytes(data.AsSpan(0), 48);
        BitConverter.TryWriteBytes(data.AsSpan(4), policy);
        BitConverter.TryWriteBytes(data.AsSpan(16), scheduler.Nice);
        BitConverter.TryWriteBytes(data.AsSpan(20), scheduler.Priority);
        BitConverter.TryWriteBytes(data.AsSpan(24), scheduler.Runtime);
        BitConverter.TryWriteBytes(data.AsSpan(32), scheduler.Deadline);
        BitConverter.TryWriteBytes(data.AsSpan(40), scheduler.Period);
        plan.Step($"set scheduling policy {scheduler.Policy}", "process.scheduler");
        plan.Call("sched_setattr", 0, new Argument.Block(data, string.Create(CultureInfo.InvariantCulture, $"{{{scheduler.Policy}, nice {scheduler.Nice}, priority {scheduler.Priority}}}")), 0);
    }
}
