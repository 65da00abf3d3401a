namespace Berth.Network.Dns.Egress;

/// <summary>A container asked for a name that is not on its allow list.</summary>
/// <param name="Name">Printable ASCII; what cannot be printed is escaped.</param>
/// <param name="Unreported">Refusals since the last report that the limit held back.</param>
internal sealed record EgressRefusal(string ContainerId, string ContainerName, string Name, int Unreported);
