using System.Text;
using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage.Content;
using Berth.Storage.Tar;

namespace Berth.Images.Archives;

/// <summary>An archive whose every file is known and open, not written yet. The same images give the same bytes.</summary>
public sealed class SavedArchive : IDisposable
{
    /// <summary>Names, in index.json, the images whose layers the archive leaves out.</summary>
    internal const string SinceAnnotation = "io.berth.since";

    private const string ContainerdName = "io.containerd.image.name";
    private const string RefName = "org.opencontainers.image.ref.name";

    private readonly SortedDictionary<string, (long Size, byte[]? Bytes, Stream? Blob)> _files = new(StringComparer.Ordinal);

    internal SavedArchive(IReadOnlyList<SavedImage> images, IContentProvider content, IReadOnlyList<string> since)
    {
        Ids = [.. images.Select(static i => i.Id)];
        try
        {
            foreach (SavedImage image in images)
            {
                AddBlobs(image, content);
            }

            IEnumerable<Descriptor> absent = images.SelectMany(static i => i.Layers.Take(i.LeftOut)).DistinctBy(static l => l.Digest).Where(l => !_files.ContainsKey(PathOf(l)));
            LeftOut = absent.Aggregate((Layers: 0, Bytes: 0L), static (sum, l) => (sum.Layers + 1, sum.Bytes + l.Size));
            Add("index.json", JsonSerializer.SerializeToUtf8Bytes(Index(images, since), ImageJson.Default.ImageIndex));
            Add("manifest.json", JsonSerializer.SerializeToUtf8Bytes([.. images.Select(Item)], ArchiveJson.Default.IReadOnlyListDockerArchiveItem));
            Add("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
            if (Repositories(images) is { Count: > 0 } repositories)
            {
                Add("repositories", JsonSerializer.SerializeToUtf8Bytes(repositories, ArchiveJson.Default.SortedDictionaryStringSortedDictionaryStringString));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The images in it.</summary>
    public IReadOnlyList<Digest> Ids { get; }

    /// <summary>Layers that the other side has, and the bytes they would have had.</summary>
    public (int Layers, long Bytes) LeftOut { get; }

    /// <summary>Bytes of the archive.</summary>
    public long Length => _files.Values.Sum(static f => 512 + f.Size + TarWriter.Padding(f.Size)) + (Folders.Length * 512) + 1024;

    private static string[] Folders { get; } = ["blobs/", "blobs/sha256/"];

    /// <summary>Writes it. Blocks its thread.</summary>
    public void Write(Stream sink, CancellationToken cancel)
    {
        var tar = new TarWriter(sink);
        foreach (string folder in Folders)
        {
            tar.Begin(new TarEntry { Type = TarEntryType.Folder, Name = Encoding.ASCII.GetBytes(folder), Mode = 0x1ED /* 0755 */ });
        }

        foreach ((string name, (long size, byte[]? bytes, Stream? blob)) in _files)
        {
            tar.Begin(new TarEntry { Type = TarEntryType.File, Name = Encoding.ASCII.GetBytes(name), Mode = 0x1A4 /* 0644 */, Size = size });
            if (bytes is not null)
            {
                tar.Write(bytes);
                continue;
            }

            Span<byte> room;
            while (!(room = tar.Room()).IsEmpty)
            {
                cancel.ThrowIfCancellationRequested();
                int count = blob!.Read(room);
                tar.Advance(count > 0 ? count : throw new EndOfStreamException($"{name} is shorter than its row says"));
            }
        }

        tar.Finish();
    }

    public void Dispose()
    {
        foreach ((_, _, Stream? blob) in _files.Values)
        {
            blob?.Dispose();
        }
    }

    private void AddBlobs(SavedImage image, IContentProvider content)
    {
        AddBlob(image.Config, content);
        foreach ((Descriptor descriptor, byte[]? bytes) in image.Documents)
        {
            if (bytes is not null)
            {
                Add(PathOf(descriptor), bytes);
            }
            else
            {
                AddBlob(descriptor, content);
            }
        }

        foreach (Descriptor layer in image.Layers.Skip(image.LeftOut))
        {
            AddBlob(layer, content);
        }
    }

    private void AddBlob(Descriptor descriptor, IContentProvider content)
    {
        if (!_files.ContainsKey(PathOf(descriptor)))
        {
            Stream blob = content.Open(Digest.Parse(descriptor.Digest));
            _files[PathOf(descriptor)] = (blob.Length, null, blob);
        }
    }

    private void Add(string name, byte[] bytes) => _files[name] = (bytes.Length, bytes, null);

    private static string PathOf(Descriptor descriptor) => $"blobs/sha256/{Digest.Parse(descriptor.Digest).Hex}";

    // One entry a name, as containerd reads it; an image without a name has one too.
    private static ImageIndex Index(IReadOnlyList<SavedImage> images, IReadOnlyList<string> since) => new()
    {
        SchemaVersion = 2, MediaType = MediaTypes.Index,
        Manifests = [.. images.SelectMany(static i => i.Names.Count == 0 ? [i.Top] : i.Names.Select(n => i.Top with { Annotations = Annotations(n) }))],
        Annotations = since.Count > 0 ? new Dictionary<string, string> { [SinceAnnotation] = string.Join(", ", since) } : null,
    };

    private static Dictionary<string, string> Annotations(ImageReference name) =>
        new() { [ContainerdName] = name.WithDefaultTag().ToString(), [RefName] = name.Tag ?? ImageReference.DefaultTag };

    private static DockerArchiveItem Item(SavedImage image) => new()
    {
        Config = PathOf(image.Config), RepoTags = image.Names.Count > 0 ? [.. image.Names.Select(static n => n.WithDefaultTag().Familiar)] : null,
        Layers = [.. image.Layers.Select(PathOf)],
    };

    // Programs from before manifest.json look here which layer a name means.
    private static SortedDictionary<string, SortedDictionary<string, string>> Repositories(IReadOnlyList<SavedImage> images)
    {
        var repositories = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (SavedImage image in images.Where(static i => i.Layers.Count > 0))
        {
            foreach (ImageReference name in image.Names)
            {
                SortedDictionary<string, string> tags = repositories.TryGetValue(name.FamiliarRepository, out SortedDictionary<string, string>? known)
                    ? known : repositories[name.FamiliarRepository] = new SortedDictionary<string, string>(StringComparer.Ordinal);
                tags[name.Tag ?? ImageReference.DefaultTag] = Digest.Parse(image.Layers[^1].Digest).Hex;
            }
        }

        return repositories;
    }
}
