namespace Berth.Images;

/// <summary>One line of what a removal did, as Docker reports it: one of the two is set.</summary>
/// <param name="Untagged">A familiar name that is gone.</param>
/// <param name="Deleted">An image id or a layer's chain ID that is gone.</param>
public sealed record ImageRemoval(string? Untagged, string? Deleted);
