namespace Berth.Images.Registries.Hosts;

/// <summary>A certificate that is shown to a server which asks for one.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PEM; null: in the same file.</param>
internal sealed record ClientCertificateFiles(string Certificate, string? Key);
