using Berth.Oci.Digests;

namespace Berth.Storage.Content.Partials;

/// <summary>A blob that is being fetched, or whose fetch was broken off and can go on.</summary>
/// <param name="Digest">Its name once it is whole.</param>
/// <param name="Size">Its bytes then.</param>
/// <param name="DiskBytes">What it takes on the disk now.</param>
/// <param name="LastWritten">When it grew last.</param>
/// <param name="IsOpen">Somebody is at it.</param>
public sealed record PartialInfo(Digest Digest, long Size, long DiskBytes, DateTimeOffset LastWritten, bool IsOpen);
