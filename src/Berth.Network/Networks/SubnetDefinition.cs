namespace Berth.Network;

/// <summary>A subnet as somebody asked for it.</summary>
/// <param name="Subnet">ADDRESS/LENGTH; null or empty: one is chosen.</param>
/// <param name="Range">ADDRESS/LENGTH inside of it.</param>
/// <param name="Gateway">An address of it.</param>
/// <param name="Auxiliary">Addresses of it, by name.</param>
public sealed record SubnetDefinition(string? Subnet, string? Range, string? Gateway, IReadOnlyDictionary<string, string>? Auxiliary)
{
    /// <summary>True: without a gateway there is none, instead of the first address.</summary>
    public bool? WithoutGateway { get; init; }
}
