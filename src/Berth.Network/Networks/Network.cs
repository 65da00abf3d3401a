using System.Net;

namespace Berth.Network;

/// <summary>A network as the API shows it.</summary>
public sealed record Network
{
    /// <summary>64 hex digits, kept for the life of the data root.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>"bridge", "host" or "null".</summary>
    public required string Driver { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Null where the driver has no addresses.</summary>
    public IPNetwork? Subnet { get; init; }

    public IPAddress? Gateway { get; init; }

    /// <summary>Driver options as inspect shows them ("com.docker.network.bridge.name" and so on).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = NoOptions;

    internal static IReadOnlyDictionary<string, string> NoOptions { get; } = new Dictionary<string, string>();
}
