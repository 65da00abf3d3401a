using System.Text;

using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>Kernel parameters of the container's own namespaces. Any other would change the host.</summary>
internal static class SysctlPlanning
{
    private static readonly string[] IpcKeys =
        ["kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"];

    public static void Write(PlanBuilder plan, RuntimeSpec spec)
    {
        foreach ((string key, string value) in spec.Linux?.Sysctl ?? new Dictionary<string, string>())
        {
            string name = Normal(key);
            Check(spec, key, name);
            plan.Step($"set {name} = {value}", $"linux.sysctl[{key}]");
            Slot file = plan.Take(
                "openat2", TargetPlanning.OpenBelow(plan, $"proc/sys/{name.Replace('.', '/').Replace('\x1', '.')}", Libc.O_WRONLY, noSymlinks: true));
            plan.Call("write", file, value, Encoding.UTF8.GetByteCount(value));
        }
    }

    // sysctl(8) takes both spellings: in "net/ipv4/conf/eth0.1/forwarding" the separators and the dots of names are swapped.
    private static string Normal(string key)
    {
        int first = key.AsSpan().IndexOfAny('.', '/');
        return first >= 0 && key[first] == '/' ? key.Replace('.', '\x1').Replace('/', '.') : key;
    }

    private static void Check(RuntimeSpec spec, string key, string name)
    {
        if (name.Split('.').Any(p => p.Length == 0 || p == "\x1" || p == "\x1\x1"))
        {
            throw ContainerPlanning.Refusal("linux.sysctl", $"has the malformed key \"{key}\"");
        }

        bool own = name.StartsWith("net.", StringComparison.Ordinal) ? NamespacePlanning.Has(spec, "network")
            : name.StartsWith("fs.mqueue.", StringComparison.Ordinal) || IpcKeys.Contains(name) ? NamespacePlanning.Has(spec, "ipc")
            : name == "kernel.domainname" && NamespacePlanning.Has(spec, "uts");
        if (!own)
        {
            throw ContainerPlanning.Refusal("linux.sysctl", $"sets \"{key}\", which is not in a namespace of this container's own: it would change the host");
        }
    }
}
