using Berth.Images.Compression;

namespace Berth.Images.Pull;

/// <summary>Tells how many bytes were read through it.</summary>
internal sealed class ObservedStream(Stream source, Action<long> read) : ForwardStream(source)
{
    private readonly Stream _source = source;

    public override int Read(Span<byte> buffer)
    {
        int count = _source.Read(buffer);
        Given += count;
        read(Given);
        return count;
    }
}
