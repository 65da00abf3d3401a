using Berth.Images.Registries.Http;
using Berth.Oci.Digests;

namespace Berth.Images.Registries;

/// <summary>Blobs that are read whole into memory: configs, what was signed, statements.</summary>
internal static class SmallBlob
{
    /// <exception cref="RegistryException">It did not come whole, or is damaged.</exception>
    public static async Task<byte[]> ReadAsync(RegistryClient client, string repository, Digest digest, int size, RegistryConnection? preferred, CancellationToken cancel)
    {
        byte[] bytes = new byte[size];
        using BlobAnswer answer = await client.OpenBlobAsync(repository, digest, size, null, preferred, cancel);
        for (int at = 0, count; at < size; at += count)
        {
            count = await answer.ReadAsync(bytes.AsMemory(at), cancel);
            if (count == 0)
            {
                throw new RegistryException($"{client.Registry}/{repository}: the blob {digest} was cut off") { IsPassing = true };
            }
        }

        return Digest.Of(bytes) == digest ? bytes : throw new RegistryException($"{client.Registry}/{repository}: the blob {digest} is damaged") { IsDamaged = true };
    }
}
