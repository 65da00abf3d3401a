using Berth.Linux.Memory;

namespace Berth.Engine.Containers;

/// <summary>
/// What a container leaves on the heap when it ends has lived long enough to be in the oldest generation, and the collector lets that
/// grow by as much as was alive when it last looked. After a burst of a hundred containers that is much: 1,000 runs in a row then took
/// the daemon from 41 to 72 MB before it collected. So it is told to look once in a while, and what the burst needed of the program's file goes too.
/// </summary>
internal sealed class EndedGarbage
{
    // 22 kB each were seen; a collection takes some milliseconds.
    private const int Every = 128;

    private int _ends;

    /// <summary>One more ended.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref _ends) % Every == 0)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
            ProgramPages.GiveBack();
        }
    }
}
