using System.Globalization;
using System.Net.Sockets;

namespace Berth.Engine.Links;

/// <summary>A port that an image or a container says it serves.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Protocol">"tcp", "udp" or "sctp".</param>
internal readonly record struct ExposedPort(ushort Number, string Protocol)
{
    private const ProtocolType Sctp = (ProtocolType)132;

    public ProtocolType Kind => Protocol switch
    {
        "udp" => ProtocolType.Udp,
        "sctp" => Sctp,
        _ => ProtocolType.Tcp,
    };

    /// <summary>Reads the keys of ExposedPorts: "80/tcp", "53/udp", "80", and ranges "8000-8010/tcp" of old images. What is none is left out.</summary>
    public static IReadOnlyList<ExposedPort> Of(IEnumerable<string>? keys) => [.. (keys ?? []).SelectMany(Read).Distinct()];

    private static IEnumerable<ExposedPort> Read(string key)
    {
        string[] parts = key.Split('/', 2);
        string protocol = parts.Length == 1 ? "tcp" : parts[1].ToLowerInvariant();
        string[] ends = parts[0].Split('-', 2);
        if (protocol is not ("tcp" or "udp" or "sctp") || !IsNumber(ends[0], out ushort first) || !IsNumber(ends[^1], out ushort last))
        {
            yield break;
        }

        for (int number = first; number <= last; number++)
        {
            yield return new ExposedPort((ushort)number, protocol);
        }
    }

    private static bool IsNumber(string text, out ushort number) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
