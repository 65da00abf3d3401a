using System.IO.Pipelines;

namespace Berth.Daemon.Hijack;

/// <summary>A connection that can be taken away from HTTP.</summary>
internal interface IHijackFeature
{
    bool IsHijacked { get; }

    /// <summary>Takes the raw connection. From now on the peer's half-close is only the end of the input; Kestrel's own writes go nowhere.</summary>
    IDuplexPipe Hijack();
}
