namespace Berth.Images.Check;

/// <summary>What a check looked at and found.</summary>
/// <param name="Blobs">Blobs read.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Layers">Layers compared with their archives.</param>
/// <param name="Images">Images.</param>
/// <param name="Found">Things that were not as they should be.</param>
/// <param name="Repaired">Of those, how many are now.</param>
public sealed record CheckSummary(int Blobs, long Bytes, int Layers, int Images, int Found, int Repaired);
