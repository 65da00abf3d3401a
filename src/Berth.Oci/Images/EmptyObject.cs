namespace Berth.Oci.Images;

/// <summary>The value of a Go map[string]struct{}: "{}".</summary>
public sealed record EmptyObject;
