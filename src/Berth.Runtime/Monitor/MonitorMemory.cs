using Berth.Linux.Interop;

namespace Berth.Runtime.Monitor;

/// <summary>One monitor stays with every container, so what it holds while nothing happens is multiplied by their number.</summary>
internal static class MonitorMemory
{
    /// <summary>Returns what work has left behind, of the collected heap and of malloc's.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Libc.malloc_trim(0);
    }
}
