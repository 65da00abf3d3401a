using Berth.Images.Registries.Http;

namespace Berth.Images.Registries;

/// <summary>Where an upload stands.</summary>
/// <param name="Connection">The endpoint that it is sent to.</param>
/// <param name="Location">Where the next request goes; changes with each.</param>
/// <param name="Offset">Bytes the registry has.</param>
/// <param name="LeastChunk">Bytes that every chunk but the last must have; 0: any.</param>
internal sealed record UploadSession(RegistryConnection Connection, Uri Location, long Offset, long LeastChunk);
