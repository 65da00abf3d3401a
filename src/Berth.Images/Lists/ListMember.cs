using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images.Lists;

/// <summary>A manifest that is in a list, or may become part of one.</summary>
/// <param name="Name">Where it was found.</param>
/// <param name="Descriptor">Type, digest, size, and the platform it is for; one without a name where nobody says it.</param>
/// <param name="Bytes">The manifest; null: it was not asked for.</param>
public sealed record ListMember(ImageReference Name, Descriptor Descriptor, byte[]? Bytes);
