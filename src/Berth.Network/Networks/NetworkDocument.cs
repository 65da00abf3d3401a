namespace Berth.Network.Networks;

/// <summary>What a network's row keeps.</summary>
/// <param name="Bridge">The link's name; null where the driver has none.</param>
/// <param name="Address">The bridge's address with its prefix.</param>
internal sealed record NetworkDocument(string? Bridge, string? Address);
