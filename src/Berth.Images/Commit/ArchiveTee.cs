using System.IO.Pipelines;

using Berth.Storage;
using Berth.Storage.Content;

namespace Berth.Images.Commit;

/// <summary>Writes an archive into the content store and, the same bytes, to whoever unpacks it. Blocks where that one falls behind.</summary>
internal sealed class ArchiveTee(IngestWriter archive, PipeWriter unpacker) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // To the unpacker first: it works while this thread hashes and writes.
        buffer.CopyTo(unpacker.GetSpan(buffer.Length));
        unpacker.Advance(buffer.Length);
        ValueTask<FlushResult> flush = unpacker.FlushAsync();
        archive.Write(buffer);
        FlushResult flushed = flush.IsCompletedSuccessfully ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
        if (flushed.IsCompleted)
        {
            throw EngineException.Internal("the layer could not be unpacked");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Tells the unpacker that this was all, or why no more comes.</summary>
    public ValueTask CompleteAsync(Exception? failure) => unpacker.CompleteAsync(failure);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
