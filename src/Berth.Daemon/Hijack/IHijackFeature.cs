using System.IO.Pipelines;

namespace Berth.Daemon.Hijack;

/// <summary>A connection that can be taken away from HTTP.</summary>
internal interface IHijackFeature
{
    bool IsHijacked { get; }

    /// <summary>Fires when the client closed the connection or died, or the daemon stops; not when the client half-closed.</summary>
    CancellationToken Gone { get; }

    /// <summary>Takes the raw connection. From now on Kestrel's own writes go nowhere.</summary>
    IDuplexPipe Hijack();
}
