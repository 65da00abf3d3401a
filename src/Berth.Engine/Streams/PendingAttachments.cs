using System.Net.Sockets;

using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Oci.Monitor;

namespace Berth.Engine.Streams;

/// <summary>Attach streams made before the start. Their far ends are handed to the monitor when it is spawned, so that not a byte is missed.</summary>
internal sealed class PendingAttachments
{
    private readonly Lock _lock = new();
    private readonly List<PendingAttachment> _pending = [];

    /// <summary>Makes a stream and returns the near end. The caller closes it; <paramref name="key"/> takes an unused one out again.</summary>
    public Socket Add(MonitorAttachment streams, out object key)
    {
        (FileDescriptor ours, FileDescriptor theirs) = SocketPair.Create();
        var pending = new PendingAttachment(theirs, streams);
        lock (_lock)
        {
            _pending.Add(pending);
        }

        key = pending;
        return new Socket(new SafeSocketHandle(ours.Release(), ownsHandle: true));
    }

    /// <summary>The client went before the container started.</summary>
    public void Remove(object key)
    {
        lock (_lock)
        {
            if (_pending.Remove((PendingAttachment)key))
            {
                ((PendingAttachment)key).Theirs.Dispose();
            }
        }
    }

    /// <summary>All of them, for the monitor. The caller closes the far ends once it has them, or has failed: then the near ends read their end.</summary>
    public IReadOnlyList<PendingAttachment> TakeAll()
    {
        lock (_lock)
        {
            PendingAttachment[] all = [.. _pending];
            _pending.Clear();
            return all;
        }
    }
}
