using Berth.Linux;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Resource limits. One that may not be raised (no CAP_SYS_RESOURCE) falls back to what the runtime itself has: a default must never break a start.</summary>
internal static class RlimitPlanning
{
    // asm-generic/resource.h, in the kernel's order.
    private static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
        "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    public static int Count => Names.Length;

    public static void Set(PlanBuilder plan, Process process, HostFacts facts)
    {
        IReadOnlyList<Rlimit> limits = process.Rlimits ?? [];
        if (facts.OpenFiles is { } given && !limits.Any(l => l.Type == Names[Libc.RLIMIT_NOFILE]))
        {
            plan.Step("set RLIMIT_NOFILE", "what the runtime was given");
            plan.Call("prlimit64", 0, KernelFlags.Named(Libc.RLIMIT_NOFILE, Names[Libc.RLIMIT_NOFILE]), Limit(given.Soft, given.Hard), 0);
        }

        for (int i = 0; i < limits.Count; i++)
        {
            int resource = Array.IndexOf(Names, limits[i].Type);
            if (resource < 0)
            {
                throw ContainerPlanning.Refusal($"process.rlimits[{i}]", $"has the unknown type \"{limits[i].Type}\"");
            }

            (ulong soft, ulong hard) = (limits[i].Soft, limits[i].Hard);
            plan.Step($"set {Names[resource]}", $"process.rlimits[{i}]");
            if (facts.Rlimits.TryGetValue(resource, out (ulong Soft, ulong Hard) own) && hard > own.Hard)
            {
                var done = new Label();
                plan.TryElse([Errno.EPERM], done, "prlimit64", 0, KernelFlags.Named(resource, Names[resource]), Limit(soft, hard), 0);
                plan.Call("prlimit64", 0, KernelFlags.Named(resource, Names[resource]), Limit(Math.Min(soft, own.Hard), own.Hard), 0);
                plan.Mark(done);
            }
            else
            {
                plan.Call("prlimit64", 0, KernelFlags.Named(resource, Names[resource]), Limit(soft, hard), 0);
            }
        }
    }

    private static Argument Limit(ulong soft, ulong hard)
    {
        byte[] data = new byte[16];
        BitConverter.TryWriteBytes(data.AsSpan(0), soft);
        BitConverter.TryWriteBytes(data.AsSpan(8), hard);
        return new Argument.Block(data, $"{{{Show(soft)}, {Show(hard)}}}");
    }

    private static string Show(ulong limit) => limit == ulong.MaxValue ? "unlimited" : $"{limit}";
}
