using System.Runtime.InteropServices;

namespace Berth.Linux.Polling;

/// <summary>What to wait for on one descriptor, and what was found. The layout is struct pollfd; a negative number is skipped.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollItem
{
    public int Number;
    public PollEvents Wanted;
    public PollEvents Found;
}
