using System.Text.Json.Serialization;

namespace Berth.Oci.Monitor;

/// <summary>What a monitor does with the socket of a published port.</summary>
public enum MonitorPortMode
{
    /// <summary>Keeps it open, so that the port is taken; nothing is read from it or accepted.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,

    /// <summary>Passes connections and datagrams on to the target, from an address of this host's.</summary>
    [JsonStringEnumMemberName("proxy")]
    Proxy,

    /// <summary>As <see cref="Proxy"/>, from the client's own address where that can be: not for loopback and link-local ones, nor from one family to the other.</summary>
    [JsonStringEnumMemberName("transparent")]
    Transparent,
}
