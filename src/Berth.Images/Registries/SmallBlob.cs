using Berth.Images.Registries.Http;
using Berth.Oci.Digests;

namespace Berth.Images.Registries;

/// <summary>Blobs that are read whole into memory: configs, what was signed, statements. They come from the first endpoint that has them whole and right.</summary>
internal static class SmallBlob
{
    /// <exception cref="RegistryException">No endpoint sent it whole and right.</exception>
    public static async Task<byte[]> ReadAsync(RegistryClient client, string repository, Digest digest, int size, RegistryConnection? preferred, CancellationToken cancel)
    {
        List<RegistryConnection> passedOver = [];
        while (true)
        {
            using BlobAnswer answer = await client.OpenBlobAsync(repository, digest, size, null, preferred, cancel, passedOver);
            try
            {
                return await ReadAsync(answer, $"{client.Registry}/{repository}: the blob {digest}", digest, size, cancel);
            }
            catch (RegistryException e) when (client.HasOther(passedOver.Append(answer.Source).ToList()))
            {
                passedOver.Add(answer.Source);
                client.Log($"{RegistryErrors.Shown(answer.Source.Endpoint.Api)}: {e.Message}; it is fetched from another host");
            }
        }
    }

    private static async Task<byte[]> ReadAsync(BlobAnswer answer, string shown, Digest digest, int size, CancellationToken cancel)
    {
        byte[] bytes = new byte[size];
        for (int at = 0, count; at < size; at += count)
        {
            count = await answer.ReadAsync(bytes.AsMemory(at), cancel);
            if (count == 0)
            {
                throw new RegistryException($"{shown} was cut off") { IsPassing = true };
            }
        }

        return Digest.Of(bytes) == digest ? bytes : throw new RegistryException($"{shown} is damaged") { IsDamaged = true };
    }
}
