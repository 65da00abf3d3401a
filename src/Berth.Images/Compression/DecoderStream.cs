namespace Berth.Images.Compression;

/// <summary>
/// A third party's decoder over a stream from outside. Damaged or hostile bytes make decoders throw whatever they trip over (an index, an
/// argument, an allocation): here that is one kind of error.
/// </summary>
/// <param name="source">What is packed. Owned.</param>
/// <param name="open">Makes the decoder, at the first read: some read a head at once.</param>
/// <param name="form">The packer's name, for the error.</param>
internal sealed class DecoderStream(Stream source, Func<Stream, Stream> open, string form) : Stream
{
    private Stream? _decoder;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">What is packed is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return (_decoder ??= open(source)).Read(buffer);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException) || e is EndOfStreamException)
        {
            throw new InvalidDataException($"its {form} form is damaged: {e.Message}", e);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
