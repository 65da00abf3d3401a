using Berth.Images.Registries.Http;
using Berth.Oci.Images;

namespace Berth.Images.Registries;

/// <summary>A manifest or index as it came, its bytes checked against its digest.</summary>
/// <param name="Descriptor">Media type, digest and size.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="From">Which endpoint had it: the first to be asked for what belongs to it.</param>
internal sealed record FetchedManifest(Descriptor Descriptor, byte[] Bytes, RegistryConnection From);
