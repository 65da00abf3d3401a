using System.Globalization;
using System.Net.Sockets;

using Berth.Network;
using Berth.Storage;

namespace Berth.Engine.Networks.Checks;

/// <summary>A port somebody wants to reach.</summary>
internal readonly record struct CheckedPort(ushort Number, ProtocolType Protocol)
{
    /// <summary>Reads "80", "80/tcp", "53/udp"; null or empty: no port in particular.</summary>
    /// <exception cref="EngineException">Invalid: it is no port.</exception>
    public static CheckedPort? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        ProtocolType? protocol = (slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant()) switch
        {
            "tcp" => ProtocolType.Tcp,
            "udp" => ProtocolType.Udp,
            "sctp" => PublishedPort.Sctp,
            _ => null,
        };
        return ushort.TryParse(slash < 0 ? text : text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0 && protocol is { } known
            ? new CheckedPort(number, known)
            : throw EngineException.Invalid($"invalid port \"{text}\": one port is wanted, as 80, 53/udp or 80/tcp");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{PublishedPort.NameOf(Protocol)}");
}
