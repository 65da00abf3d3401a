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

    /// <summary>Up to this a file is kept in memory: an archive of 500 layers has a thousand of a few bytes.</summary>
    private const int Small = 1 << 16;
    private const int MostSmallBytes = 32 << 20;

    /// <summary>Each of the others holds a descriptor until the load ends. 500 layers an image, of several images.</summary>
    private const int MostLargeFiles = 4000;

    private readonly IContentIngester _content;
    private readonly Lease _lease;
    private readonly ArchiveShape _shape = new();
    private long _smallBytes;
    private int _largeFiles;

    private readonly Dictionary<string, ArchiveFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private ReceivedArchive(IContentIngester content, Lease lease) => (_content, _lease) = (content, lease);

    /// <summary>Reads the whole archive. Blocks its thread.</summary>
    /// <exception cref="TarException">Damaged or hostile.</exception>
    /// <exception cref="EngineException">Invalid: an archive of a file system.</exception>
    public static ReceivedArchive Receive(Stream plain, IContentIngester content, Lease lease, CancellationToken cancel)
    {
        var archive = new ReceivedArchive(content, lease);
        try
        {
            var reader = new TarReader(plain, TarLimits.Default);
            while (reader.Next() is { } entry)
            {
                cancel.ThrowIfCancellationRequested();
                archive._shape.Check(Encoding.UTF8.GetString(TarPath.Clean(entry.Name)), entry.Type);
                archive.Add(entry, reader);
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
            using JsonDocument document = JsonDocument.Parse(ReadBytes(file, shown));
            JsonLists.RefuseNulls(document.RootElement);
            return document.Deserialize(type) ?? throw EngineException.Invalid($"{shown} is empty");
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"{shown} is damaged: {JsonFault.Describe(e)}", e);
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

    private void Add(TarEntry entry, TarReader reader)
    {
        string path = Encoding.UTF8.GetString(TarPath.Clean(entry.Name));
        if (_files.Count + _links.Count >= MostFiles)
        {
            throw _shape.TooMany($"the archive has more than {MostFiles} files");
        }

        switch (entry.Type)
        {
            case TarEntryType.File:
                _files.Remove(path, out ArchiveFile? before);
                before?.Dispose();
                _links.Remove(path);
                _files[path] = Receive(entry, reader);
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

    private ArchiveFile Receive(TarEntry entry, TarReader reader)
    {
        if (entry.Sparse is not null)
        {
            // No program that saves images writes one, and its holes could be endless.
            throw new TarException($"{entry.ShownName} is a sparse file");
        }

        if (entry.Size <= Small && (_smallBytes += entry.Size) <= MostSmallBytes)
        {
            return new ArchiveFile(reader.ReadAll(entry, Small), _content, _lease);
        }

        if (++_largeFiles > MostLargeFiles)
        {
            throw _shape.TooMany($"the archive has more than {MostLargeFiles} large files");
        }

        IngestWriter ingest = _content.Begin(_lease);
        try
        {
            var compression = ArchiveCompression.None;
            ReadOnlySpan<byte> bytes;
            while (!(bytes = reader.ReadData(out long offset)).IsEmpty)
            {
                if (offset == 0)
                {
                    compression = Decompression.Detect(bytes);
                }

                ingest.Write(bytes);
            }

            return new ArchiveFile(ingest, compression);
        }
        catch
        {
            ingest.Dispose();
            throw;
        }
    }

    private static string Clean(string name) => Encoding.UTF8.GetString(TarPath.Clean(Encoding.UTF8.GetBytes(name)));
}
