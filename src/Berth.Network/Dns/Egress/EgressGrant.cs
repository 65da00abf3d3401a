namespace Berth.Network.Dns.Egress;

/// <summary>An answer to a name on the allow list.</summary>
/// <param name="Name">The asked name, lower case; the addresses may belong to another that it is an alias of.</param>
/// <param name="Addresses">At least one.</param>
internal sealed record EgressGrant(string ContainerId, string ContainerName, string Name, IReadOnlyList<EgressAddress> Addresses);
