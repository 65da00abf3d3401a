using Berth.Images.Compression;

namespace Berth.Images.Push;

/// <summary>A piece of a blob on its way out.</summary>
/// <param name="blob">All of it; owned.</param>
/// <param name="start">The first byte.</param>
/// <param name="length">Bytes of the piece.</param>
/// <param name="reached">Told how far of the blob was read.</param>
internal sealed class UploadBody(Stream blob, long start, long length, Action<long> reached) : ForwardStream(blob)
{
    private readonly Stream _blob = blob;

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - Given);
        if (wanted == 0)
        {
            return 0;
        }

        _blob.Position = start + Given;
        int count = _blob.Read(buffer[..wanted]);
        Given += count;
        reached(start + Given);
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));
}
