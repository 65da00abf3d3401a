using System.IO.Compression;

using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Database;
using Berth.Storage.Layers;
using Berth.Storage.Leases;

namespace Berth.Images.Push;

/// <summary>
/// Layers that are stored uncompressed, compressed once for all registries: the result stays in the content store for as long as a layer with its diff ID.
/// The same bytes give the same blob: gzip without a time or a name (RFC 1952, 2.3.1).
/// </summary>
internal sealed class LayerCompression(BerthDatabase database, IContentStore content)
{
    private const int BufferLength = 128 << 10;

    // Pushes at once do not compress the same layer twice; others wait for each other seldom.
    private readonly SemaphoreSlim[] _one = [.. Enumerable.Range(0, 16).Select(static _ => new SemaphoreSlim(1, 1))];

    public async Task<BlobInfo> PackAsync(LayerInfo layer, Lease lease, CancellationToken cancel)
    {
        SemaphoreSlim one = _one[(uint)layer.DiffId.GetHashCode() % (uint)_one.Length];
        await one.WaitAsync(cancel);
        try
        {
            return Find(layer.DiffId) is { } known && await content.KeepAsync(known, lease, cancel) is { } kept
                ? kept
                : await Task.Run(() => CompressAsync(layer, lease, cancel), cancel);
        }
        finally
        {
            one.Release();
        }
    }

    private Digest? Find(Digest diffId) => database.Read(s => s.First(
        "SELECT blob FROM packed_layers WHERE diff_id = @diff", r => (Digest?)Digest.Parse(r.GetString(0)), ("@diff", diffId.ToString())));

    private async Task<BlobInfo> CompressAsync(LayerInfo layer, Lease lease, CancellationToken cancel)
    {
        using IngestWriter writer = content.Begin(lease);
        using var plain = new HashingStream(content.Open(layer.Blob.Digest));
        using (var gzip = new GZipStream(new BufferedStream(new IngestStream(writer), BufferLength), CompressionLevel.Optimal))
        {
            byte[] buffer = new byte[BufferLength];
            for (int count; (count = plain.Read(buffer)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                gzip.Write(buffer.AsSpan(0, count));
            }
        }

        if (plain.Finish() != layer.DiffId)
        {
            throw EngineException.Internal($"the layer {layer.DiffId} is damaged on the disk: berth system check --repair");
        }

        BlobInfo packed = await writer.CommitAsync(null, cancel);
        await database.WriteAsync(
            t => t.Execute("INSERT OR REPLACE INTO packed_layers (diff_id, blob) VALUES (@diff, @blob)", ("@diff", layer.DiffId.ToString()), ("@blob", packed.Digest.ToString())),
            CancellationToken.None);
        return packed;
    }

    private sealed class IngestStream(IngestWriter writer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer) => writer.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer.AsSpan(offset, count));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
