using Berth.Linux;
using Berth.Linux.Interop;

namespace Berth.Runtime.Planning;

/// <summary>
/// Finds or makes the place of a mount inside the root. Every path is walked by openat2 with the container's root as "/", so that a symlink of
/// the image stays inside, and without magic links, so that none leads over /proc to a descriptor of ours.
/// </summary>
internal static class TargetPlanning
{
    /// <summary>Opens a path inside the root.</summary>
    public static Argument[] OpenBelow(PlanBuilder plan, string path, int flags, uint mode = 0, bool noSymlinks = false)
    {
        byte[] how = new byte[24];
        BitConverter.TryWriteBytes(how.AsSpan(0), (ulong)(uint)(flags | Libc.O_CLOEXEC));
        BitConverter.TryWriteBytes(how.AsSpan(8), (ulong)mode);
        ulong resolve = Libc.RESOLVE_IN_ROOT | (noSymlinks ? Libc.RESOLVE_NO_SYMLINKS : Libc.RESOLVE_NO_MAGICLINKS);
        BitConverter.TryWriteBytes(how.AsSpan(16), resolve);
        string shown = $"{{{((Argument.Number)KernelFlags.Open(flags)).Shown}{(mode != 0 ? $", 0{Convert.ToString(mode, 8)}" : "")}, RESOLVE_IN_ROOT|{(noSymlinks ? "RESOLVE_NO_SYMLINKS" : "RESOLVE_NO_MAGICLINKS")}}}";
        return [plan.Root, path, new Argument.Block(how, shown), 24];
    }

    /// <summary>A descriptor of the target, which is made where it is missing: a folder, or an empty file.</summary>
    public static Slot Open(PlanBuilder plan, string target, bool folder)
    {
        string path = Trim(target);
        int flags = Libc.O_PATH | (folder ? Libc.O_DIRECTORY : 0);
        Slot slot = plan.NewSlot();
        if (path.Length == 0)
        {
            plan.Into(slot, "openat2", OpenBelow(plan, ".", flags));
            return slot;
        }

        var there = new Label();
        plan.Try(slot, [Errno.ENOENT], null, there, "openat2", OpenBelow(plan, path, flags));
        int slash = path.LastIndexOf('/');
        Argument parent = slash < 0 ? plan.Root : MakeFolders(plan, path[..slash]);
        if (folder)
        {
            plan.Try([Errno.EEXIST], null, "mkdirat", parent, path[(slash + 1)..], KernelFlags.Octal(0x1ED));
        }
        else
        {
            plan.Try([Errno.EEXIST], null, "mknodat", parent, path[(slash + 1)..], KernelFlags.Named(Libc.S_IFREG | 0x1A4, "S_IFREG|0644"), 0);
        }

        plan.Into(slot, "openat2", OpenBelow(plan, path, flags));
        plan.Mark(there);
        return slot;
    }

    /// <summary>Makes every folder of a path that is missing, and opens the last.</summary>
    public static Slot MakeFolders(PlanBuilder plan, string path)
    {
        Slot folder = plan.NewSlot();
        Argument parent = plan.Root;
        int from = 0;
        while (from < path.Length)
        {
            int slash = path.IndexOf('/', from);
            int end = slash < 0 ? path.Length : slash;
            plan.Try([Errno.EEXIST], null, "mkdirat", parent, path[from..end], KernelFlags.Octal(0x1ED));
            plan.Into(folder, "openat2", OpenBelow(plan, path[..end], Libc.O_PATH | Libc.O_DIRECTORY));
            parent = folder;
            from = end + 1;
        }

        return folder;
    }

    /// <summary>A path of the container without outer slashes; "" is the root itself. What goes up is refused: the kernel's answer would depend on links.</summary>
    public static string Trim(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
        return parts.Contains("..") ? throw ContainerPlanning.Refusal("path", $"{path} goes up by \"..\"") : string.Join('/', parts);
    }
}
