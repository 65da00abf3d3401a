namespace Berth.Network;

/// <summary>What a link opens between two places of one network that keeps its containers apart.</summary>
/// <param name="From">Who may connect.</param>
/// <param name="To">To whom.</param>
/// <param name="Ports">Which ports; none: none any longer.</param>
public sealed record LinkedPorts(Endpoint From, Endpoint To, IReadOnlyList<LinkedPort> Ports);
