using System.Security.Cryptography;

using Berth.Oci.Digests;
using Berth.Storage.Content;

namespace Berth.Storage.Check;

/// <summary>Every blob's length and digest.</summary>
internal sealed class BlobCheck(DataRoot root, ContentStore content)
{
    private const int Piece = 1 << 20;

    /// <summary>Blobs and bytes that were read.</summary>
    public (int Count, long Bytes) Checked { get; private set; }

    /// <summary>Those that are damaged, with what is wrong. Blocks its thread; a blob that goes meanwhile is not missed.</summary>
    public Dictionary<Digest, string> Run(CancellationToken cancel)
    {
        var damaged = new Dictionary<Digest, string>();
        byte[] buffer = new byte[Piece];
        foreach (BlobInfo blob in content.List())
        {
            cancel.ThrowIfCancellationRequested();
            string? problem = ProblemOf(blob, buffer, cancel);
            if (problem is not null && content.Find(blob.Digest) is not null)
            {
                damaged[blob.Digest] = problem;
            }

            Checked = (Checked.Count + 1, Checked.Bytes + blob.Size);
        }

        return damaged;
    }

    private string? ProblemOf(BlobInfo blob, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            using var file = new FileStream(root.Blob(blob.Digest), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
            if (file.Length != blob.Size)
            {
                return $"has {file.Length} bytes, not {blob.Size}";
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            int count;
            while ((count = file.Read(buffer)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, count));
            }

            var actual = Digest.FromHash(hash.GetHashAndReset());
            return actual == blob.Digest ? null : $"its bytes have the digest {actual}";
        }
        catch (FileNotFoundException)
        {
            return "its file is missing";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"its file cannot be read: {e.Message}";
        }
    }
}
