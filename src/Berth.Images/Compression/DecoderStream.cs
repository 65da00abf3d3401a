namespace Berth.Images.Compression;

/// <summary>
/// A third party's decoder over a stream from outside. Damaged or hostile bytes make decoders throw whatever they trip over (an index, an
/// argument, an allocation): here that is one kind of error.
/// </summary>
/// <param name="source">What is packed. Owned.</param>
/// <param name="open">Makes the decoder, at the first read: some read a head at once.</param>
/// <param name="form">The packer's name, for the error.</param>
internal sealed class DecoderStream(Stream source, Func<Stream, Stream> open, string form) : ForwardStream(source)
{
    private readonly Stream _source = source;
    private Stream? _decoder;

    /// <exception cref="InvalidDataException">What is packed is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int count = (_decoder ??= open(_source)).Read(buffer);
            Given += count;
            return count;
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException) || e is EndOfStreamException)
        {
            throw new InvalidDataException($"its {form} form is damaged: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder?.Dispose();
        }

        base.Dispose(disposing);
    }
}
