using Berth.Oci.Digests;

namespace Berth.Storage.Content;

/// <summary>Reading blobs.</summary>
public interface IContentProvider
{
    /// <summary>Null: there is no such blob.</summary>
    BlobInfo? Find(Digest digest);

    /// <summary>The bytes, readable anywhere.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    Stream Open(Digest digest);
}
