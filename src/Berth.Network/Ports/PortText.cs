using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Berth.Storage;

namespace Berth.Network.Ports;

/// <summary>Published ports as rows keep them: "tcp/80/0.0.0.0/8080".</summary>
internal static class PortText
{
    public static string Of(PublishedPort port) =>
        string.Create(CultureInfo.InvariantCulture, $"{port.ProtocolName}/{port.ContainerPort}/{port.HostAddress}/{port.HostPort}");

    public static PublishedPort Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 4
            && ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort inside)
            && IPAddress.TryParse(parts[2], out IPAddress? address)
            && ushort.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out ushort outside)
            ? new PublishedPort(parts[0] switch { "tcp" => ProtocolType.Tcp, "udp" => ProtocolType.Udp, _ => PublishedPort.Sctp }, inside, address, outside)
            : throw EngineException.Internal($"a row has a published port that cannot be read: {text}");
    }
}
