namespace Berth.Linux.Polling;

/// <summary>epoll_ctl(2). Errors and hangups are found without being asked for.</summary>
[Flags]
public enum WatchedEvents : uint
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,
    Error = 0x8,
    HungUp = 0x10,

    /// <summary>The peer has ended its output.</summary>
    PeerEnded = 0x2000,

    /// <summary>Told once for each change, not again and again while it lasts.</summary>
    EdgeTriggered = 0x8000_0000,
}
