using System.Text;

using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>New and joined namespaces, host and domain name. namespaces(7).</summary>
internal static class NamespacePlanning
{
    /// <summary>Joins what has a path and answers what clone3 makes new.</summary>
    public static long Enter(PlanBuilder plan, RuntimeSpec spec, PlanInputs inputs)
    {
        long made = 0;
        bool newCgroup = false;
        if (inputs.NetworkIsDescriptor)
        {
            plan.Step("join network namespace", "descriptor");
            plan.Call("setns", PlanBuilder.Fd("network"), KernelFlags.CloneFlag(Libc.CLONE_NEWNET));
        }

        foreach (Namespace ns in spec.Linux?.Namespaces ?? [])
        {
            long flag = Flag(ns.Type);
            if (flag == Libc.CLONE_NEWNET && inputs.NetworkIsDescriptor)
            {
                continue;
            }

            if (string.IsNullOrEmpty(ns.Path))
            {
                made |= flag == Libc.CLONE_NEWCGROUP ? 0 : flag;
                newCgroup |= flag == Libc.CLONE_NEWCGROUP;
            }
            else if (flag == Libc.CLONE_NEWNS)
            {
                throw ContainerPlanning.Refusal("linux.namespaces", "joins a mount namespace by path, which this runtime does not do");
            }
            else if (flag != Libc.CLONE_NEWPID)
            {
                plan.Step($"join {ns.Type} namespace {ns.Path}", "linux.namespaces");
                plan.Call("setns", PlanBuilder.Fd($"ns:{ns.Type}"), KernelFlags.CloneFlag(flag));
            }
        }

        if ((made & Libc.CLONE_NEWNS) == 0)
        {
            throw ContainerPlanning.Refusal("linux.namespaces", "has no mount namespace; without one the container would change the host's mounts");
        }

        if (newCgroup)
        {
            // Not by clone3: it would take the cgroup of the parent as the namespace's root (kernel: copy_cgroup_ns reads current's css_set).
            plan.Step("make cgroup namespace", "linux.namespaces");
            plan.Call("unshare", KernelFlags.CloneFlag(Libc.CLONE_NEWCGROUP));
        }

        plan.Step("take full modes for what is made", "");
        plan.Call("umask", KernelFlags.Octal(0));
        return made;
    }

    public static void Name(PlanBuilder plan, RuntimeSpec spec)
    {
        Set(plan, spec, "hostname", "sethostname", spec.Hostname);
        Set(plan, spec, "domainname", "setdomainname", spec.Domainname);
    }

    /// <summary>Namespaces of a container beside mount and pid, as one setns(2) by pidfd joins them.</summary>
    public static long Joinable(RuntimeSpec spec)
    {
        long flags = Libc.CLONE_NEWNET; // the monitor may have been handed one that the spec does not name
        foreach (Namespace ns in spec.Linux?.Namespaces ?? [])
        {
            flags |= Flag(ns.Type);
        }

        return flags & ~(Libc.CLONE_NEWPID | Libc.CLONE_NEWNS);
    }

    public static bool Has(RuntimeSpec spec, string type) => spec.Linux?.Namespaces?.Any(n => n.Type == type) == true;

    /// <summary>The clone flag of a type of the spec.</summary>
    public static long Flag(string? type) => type switch
    {
        "pid" => Libc.CLONE_NEWPID,
        "network" => Libc.CLONE_NEWNET,
        "mount" => Libc.CLONE_NEWNS,
        "ipc" => Libc.CLONE_NEWIPC,
        "uts" => Libc.CLONE_NEWUTS,
        "cgroup" => Libc.CLONE_NEWCGROUP,
        "user" or "time" => throw ContainerPlanning.Refusal("linux.namespaces", $"asks for a {type} namespace, which this runtime does not do"),
        _ => throw ContainerPlanning.Refusal("linux.namespaces", $"has the unknown type \"{type}\""),
    };

    private static void Set(PlanBuilder plan, RuntimeSpec spec, string member, string call, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        if (!Has(spec, "uts"))
        {
            throw ContainerPlanning.Refusal(member, "is set without a uts namespace; it would rename the host");
        }

        plan.Step($"set {member}", member);
        plan.Call(call, name, Encoding.UTF8.GetByteCount(name));
    }
}
