using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>Attributes of an open folder.</summary>
public static class TreeFolder
{
    public static void CopyOwnerAndMode(FileDescriptor from, FileDescriptor to)
    {
        TreeStat stat = Stat(from);
        Check(TreeCalls.Result(Libc.fchown(to.Number, stat.Uid, stat.Gid)), "fchown");
        SetMode(to, stat.Mode & 0xFFF);
    }

    public static void SetMode(FileDescriptor folder, uint mode) => Check(TreeCalls.Result(Libc.fchmod(folder.Number, mode)), "fchmod");

    public static TreeStat Stat(FileDescriptor folder)
    {
        Check(TreeCalls.Stat(folder, [], out TreeStat stat), "statx");
        return stat;
    }

    private static void Check(int errno, string call)
    {
        if (errno != 0)
        {
            throw new LinuxException(call, "a snapshot's folder", errno);
        }
    }
}
