using Berth.Oci.Images;

namespace Berth.Images.Provenance;

/// <summary>What somebody states of an image: how it was built, what is in it (in-toto).</summary>
/// <param name="Descriptor">The blob that holds the statement.</param>
/// <param name="PredicateType">What kind of statement: "https://slsa.dev/provenance/v1".</param>
/// <param name="Statement">Its JSON, out of its envelope; null: it was not asked for.</param>
public sealed record Attestation(Descriptor Descriptor, string PredicateType, byte[]? Statement);
