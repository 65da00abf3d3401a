using Berth.Linux.Capabilities;
using Berth.Linux.Interop;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Planning;

/// <summary>
/// Groups, user, capabilities. capabilities(7). The order matters: the bounding set can only be cut while CAP_SETPCAP is held, the user is
/// changed while capabilities are kept, and the filter goes in while CAP_SYS_ADMIN is still there (unless no_new_privs makes that needless).
/// </summary>
internal static class IdentityPlanning
{
    public static void Become(PlanBuilder plan, Process process, HostFacts facts, Action? seccomp)
    {
        CapabilitySets? sets = process.Capabilities;
        ulong bounding = Mask(sets?.Bounding), permitted = Mask(sets?.Permitted), inheritable = Mask(sets?.Inheritable);
        ulong effective = Mask(sets?.Effective), ambient = Mask(sets?.Ambient);
        plan.Step("drop capabilities from the bounding set", "process.capabilities.bounding");
        for (int c = 0; c <= facts.LastCapability; c++)
        {
            if ((bounding >> c & 1) == 0)
            {
                plan.Call("prctl", KernelFlags.Named(Libc.PR_CAPBSET_DROP, "PR_CAPBSET_DROP"), KernelFlags.Named(c, Capability.Name(c)));
            }
        }

        User user = process.User ?? new User();
        uint[] groups = [.. user.AdditionalGids ?? []];
        plan.Step($"become user {user.Uid}, group {user.Gid}", "process.user");
        plan.Call("prctl", KernelFlags.Named(Libc.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), 1);
        byte[] list = new byte[4 * groups.Length];
        Buffer.BlockCopy(groups, 0, list, 0, list.Length);
        plan.Call("setgroups", groups.Length, groups.Length == 0 ? 0 : new Argument.Block(list, $"[{string.Join(", ", groups)}]"));
        plan.Call("setresgid", user.Gid, user.Gid, user.Gid);
        plan.Call("setresuid", user.Uid, user.Uid, user.Uid);
        plan.Call("prctl", KernelFlags.Named(Libc.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS"), 0);
        if (seccomp is not null)
        {
            if (user.Uid != 0)
            {
                // The change of user emptied the effective set, and loading the filter needs CAP_SYS_ADMIN in it.
                plan.Step("raise capabilities for the filter", "linux.seccomp");
                SetCapabilities(plan, facts.PermittedCapabilities, facts.PermittedCapabilities, 0);
            }

            seccomp();
        }

        plan.Step("set capabilities", "process.capabilities");

        // What the runtime itself has not it cannot give: EPERM would end the start for a capability that a nested host never had.
        ulong own = facts.PermittedCapabilities;
        SetCapabilities(plan, effective & permitted & own, permitted & own, inheritable & own);
        plan.Call("prctl", KernelFlags.Named(Libc.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"), KernelFlags.Named(Libc.PR_CAP_AMBIENT_CLEAR_ALL, "PR_CAP_AMBIENT_CLEAR_ALL"), 0, 0, 0);
        for (int c = 0; c <= facts.LastCapability; c++)
        {
            if ((ambient & permitted & inheritable & own) >> c is var rest && (rest & 1) != 0)
            {
                plan.Call("prctl", KernelFlags.Named(Libc.PR_CAP_AMBIENT, "PR_CAP_AMBIENT"), KernelFlags.Named(Libc.PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_RAISE"), KernelFlags.Named(c, Capability.Name(c)), 0, 0);
            }
        }
    }

    private static void SetCapabilities(PlanBuilder plan, ulong effective, ulong permitted, ulong inheritable)
    {
        byte[] header = new byte[8], data = new byte[24];
        BitConverter.TryWriteBytes(header, Libc._LINUX_CAPABILITY_VERSION_3);
        for (int half = 0; half < 2; half++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(half * 12), (uint)(effective >> 32 * half));
            BitConverter.TryWriteBytes(data.AsSpan(half * 12 + 4), (uint)(permitted >> 32 * half));
            BitConverter.TryWriteBytes(data.AsSpan(half * 12 + 8), (uint)(inheritable >> 32 * half));
        }

        plan.Call("capset", new Argument.Block(header, "{version 3}"), new Argument.Block(data, $"{{effective={effective:x}, permitted={permitted:x}, inheritable={inheritable:x}}}"));
    }

    // A name this kernel does not know is left out, as runc does: the capability does not exist, so nothing is given by it.
    private static ulong Mask(IReadOnlyList<string>? names)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            mask |= Capability.Find(name) is { } number ? 1UL << number : 0;
        }

        return mask;
    }
}
