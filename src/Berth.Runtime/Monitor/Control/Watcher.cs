using Berth.Linux.Files;
using Berth.Linux.Polling;
using Berth.Runtime.Monitor.Loop;
using Berth.Runtime.Monitor.Streams;

namespace Berth.Runtime.Monitor.Control;

/// <summary>Someone who is told events. One who is gone, or does not read them for long, is dropped: all that matters lies in files as well.</summary>
internal sealed class Watcher(FileDescriptor connection, Outbound outbound) : LoopSource
{
    private const int MostKept = 256 * 1024;

    public override int Descriptor => connection.Number;

    public override PollEvents Wanted => outbound.IsBlocked ? PollEvents.Readable | PollEvents.Writable : PollEvents.Readable;

    public void Tell(ReadOnlySpan<byte> frame)
    {
        outbound.Write(frame);
        Ended |= outbound.IsGone || outbound.Kept > MostKept;
    }

    public override void Ready(PollEvents events)
    {
        if ((events & PollEvents.Writable) != 0)
        {
            outbound.Flush();
        }

        // A watcher has nothing to say, so readable means that it is gone, or breaks the protocol.
        Ended |= outbound.IsGone || (events & ~PollEvents.Writable) != 0;
    }

    public override void Close()
    {
        outbound.Dispose();
        connection.Dispose();
    }
}
