namespace Berth.Runtime.Monitor.Ports.Proxies;

/// <summary>The proxy of one published port, on whose socket clients arrive. The socket is the port's.</summary>
internal abstract class PortProxy : ProxySource
{
    /// <summary>Where new clients are passed on to.</summary>
    public abstract PortTarget Target { get; set; }

    /// <summary>Takes no more clients.</summary>
    public abstract void Stop();

    public override void Close()
    {
        // The socket is the port's, which closes or holds it.
    }
}
