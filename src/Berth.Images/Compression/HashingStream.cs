using System.Security.Cryptography;

using Berth.Oci.Digests;

namespace Berth.Images.Compression;

/// <summary>Hashes what is read through it.</summary>
internal sealed class HashingStream(Stream stream) : ForwardStream(stream)
{
    private readonly Stream _stream = stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public long Count => Given;

    /// <summary>The digest of all that was read; call once, at the end.</summary>
    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    public override int Read(Span<byte> buffer)
    {
        int count = _stream.Read(buffer);
        _hash.AppendData(buffer[..count]);
        Given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
