namespace Berth.Network;

/// <summary>A chain of somebody else that drops what passes through the host.</summary>
/// <param name="Chain">"the chain forward of the table inet site".</param>
/// <param name="ByPolicy">No rule of it takes the packets, and its policy is drop; else a rule drops them.</param>
/// <param name="Sure">All that decides it was understood.</param>
public sealed record ForwardRefusal(string Chain, bool ByPolicy, bool Sure);
