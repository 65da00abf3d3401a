using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

using Berth.Images.Compression;
using Berth.Oci.Digests;
using Berth.Storage;
using Berth.Storage.Content;
using Berth.Storage.Leases;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>The files of an image archive, received in one pass over the stream. Disposing it drops what was not put into the content store.</summary>
internal sealed class ReceivedArchive : IDisposable
{
    /// <summary>Manifests, indexes and configs are read into memory, so they are bounded.</summary>
    private const int LongestDocument = 8 << 20;
    private const int MostFiles = 100_000;
    private const int LongestLinkChain = 8;

    private readonly Dictionary<string, ArchiveFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private ReceivedArchive()
    {
    }

    /// <summary>Reads the whole archive. Blocks its thread.</summary>
    /// <exception cref="TarException">Damaged or hostile.</exception>
    public static ReceivedArchive Receive(Stream plain, IContentIngester content, Lease lease, CancellationToken cancel)
    {
        var archive = new ReceivedArchive();
        try
        {
            var reader = new TarReader(plain, TarLimits.Default);
            while (reader.Next() is { } entry)
            {
                cancel.ThrowIfCancellationRequested();
                archive.Add(entry, reader, content, lease);
            }

            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>A file by its name in the archive, through the archive's own links; null: there is none.</summary>
    public ArchiveFile? Find(string name)
    {
        string path = Clean(name);
        for (int i = 0; i < LongestLinkChain; i++)
        {
            if (_files.TryGetValue(path, out ArchiveFile? file))
            {
                return file;
            }

            if (!_links.TryGetValue(path, out string? target))
            {
                return null;
            }

            path = target;
        }

        return null;
    }

    /// <summary>A blob of an OCI layout.</summary>
    /// <exception cref="EngineException">Invalid: its bytes have another digest.</exception>
    public ArchiveFile? FindBlob(Digest digest)
    {
        ArchiveFile? file = Find($"blobs/sha256/{digest.Hex}");
        return file is null || file.Digest == digest ? file
            : throw EngineException.Invalid($"the archive is damaged: the blob {digest} has the digest {file.Digest}");
    }

    /// <exception cref="EngineException">Invalid: too large, or not the JSON that was expected.</exception>
    public static T ReadJson<T>(ArchiveFile file, JsonTypeInfo<T> type, string shown)
    {
        try
        {
            return JsonSerializer.Deserialize(ReadBytes(file, shown), type) ?? throw EngineException.Invalid($"{shown} is empty");
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"{shown} is damaged: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach (ArchiveFile file in _files.Values)
        {
            file.Dispose();
        }
    }

    private static byte[] ReadBytes(ArchiveFile file, string shown)
    {
        if (file.Size > LongestDocument)
        {
            throw EngineException.Invalid($"{shown} has {file.Size} bytes, more than {LongestDocument} are not taken");
        }

        using Stream stream = file.Open();
        byte[] bytes = new byte[file.Size];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Add(TarEntry entry, TarReader reader, IContentIngester content, Lease lease)
    {
        string path = Encoding.UTF8.GetString(TarPath.Clean(entry.Name));
        if (_files.Count + _links.Count >= MostFiles)
        {
            throw new TarException($"the archive has more than {MostFiles} files");
        }

        switch (entry.Type)
        {
            case TarEntryType.File:
                _files.Remove(path, out ArchiveFile? before);
                before?.Dispose();
                _links.Remove(path);
                _files[path] = Receive(entry, reader, content, lease);
                break;
            case TarEntryType.HardLink:
                _links[path] = Encoding.UTF8.GetString(TarPath.Clean(entry.LinkName));
                break;
            case TarEntryType.Symlink:
                // "docker save" up to 24 writes a layer that two images share once, and "../ID/layer.tar" for the second.
                string target = Encoding.UTF8.GetString(entry.LinkName);
                string folder = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "";
                _links[path] = Clean(target.StartsWith('/') ? target : $"{folder}/{target}");
                break;
            default:
                break; // folders; nothing else has a meaning here
        }
    }

    private static ArchiveFile Receive(TarEntry entry, TarReader reader, IContentIngester content, Lease lease)
    {
        IngestWriter ingest = content.Begin(lease);
        try
        {
            var compression = ArchiveCompression.None;
            long next = 0;
            ReadOnlySpan<byte> bytes;
            while (!(bytes = reader.ReadData(out long offset)).IsEmpty)
            {
                Fill(ingest, offset - next);
                if (offset == 0)
                {
                    compression = Decompression.Detect(bytes);
                }

                ingest.Write(bytes);
                next = offset + bytes.Length;
            }

            Fill(ingest, entry.Size - next);
            return new ArchiveFile(ingest, compression);
        }
        catch
        {
            ingest.Dispose();
            throw;
        }
    }

    // An archive of archives may hold a sparse file. Its holes are bytes of the layer.
    private static void Fill(IngestWriter ingest, long zeros)
    {
        byte[] piece = zeros > 0 ? new byte[Math.Min(zeros, 1 << 16)] : [];
        for (; zeros > 0; zeros -= piece.Length)
        {
            ingest.Write(piece.AsSpan(0, (int)Math.Min(zeros, piece.Length)));
        }
    }

    private static string Clean(string name) => Encoding.UTF8.GetString(TarPath.Clean(Encoding.UTF8.GetBytes(name)));
}
