using Berth.Storage.Leases;

namespace Berth.Storage.Content;

/// <summary>Writing blobs.</summary>
public interface IContentIngester
{
    /// <summary>Begins a blob that <paramref name="lease"/> keeps once it is committed.</summary>
    IngestWriter Begin(Lease lease);
}
