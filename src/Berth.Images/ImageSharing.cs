using Berth.Oci.Digests;
using Berth.Storage.Database;

namespace Berth.Images;

/// <summary>What images share. A layer is shared that several images stand on; its bytes are there once.</summary>
public sealed class ImageSharing
{
    private readonly Dictionary<string, Layer> _layers = [];
    private readonly Dictionary<Digest, string?> _images = [];

    private ImageSharing()
    {
    }

    /// <summary>Bytes of all layers, each counted once.</summary>
    public long Total { get; private set; }

    /// <summary>Of these, what goes when every image that no container uses goes.</summary>
    public long Unused { get; private set; }

    /// <summary>Bytes of an image that other images have too.</summary>
    public long SharedBy(Digest image) => _images.GetValueOrDefault(image) is { } chain && _layers.TryGetValue(chain, out Layer? layer) ? layer.Shared : 0;

    /// <summary>From three queries, whatever the number of images and layers.</summary>
    internal static ImageSharing Read(Session s)
    {
        var sharing = new ImageSharing();
        var used = s.Query("SELECT DISTINCT image FROM containers WHERE image IS NOT NULL", r => r.GetString(0)).ToHashSet();
        foreach ((string chain, string? parent, long size) in s.Query(
            "SELECT chain_id, parent, size FROM layers", r => (r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), r.GetInt64(2))))
        {
            sharing._layers[chain] = new Layer(parent, size);
            sharing.Total += size;
        }

        foreach ((string id, string? chain) in s.Query("SELECT id, chain_id FROM images", r => (r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1))))
        {
            sharing._images[Digest.Parse(id)] = chain;
            sharing.Count(chain, used.Contains(id));
        }

        foreach (Layer layer in sharing._layers.Values)
        {
            sharing.Unused += layer.IsUsed ? 0 : layer.Size;
        }

        foreach (string? chain in sharing._images.Values)
        {
            sharing.Sum(chain);
        }

        return sharing;
    }

    private void Count(string? chain, bool isUsed)
    {
        for (Layer? layer = Find(chain); layer is not null; layer = Find(layer.Parent))
        {
            layer.Images++;
            layer.IsUsed |= isUsed;
        }
    }

    // What lies under a shared layer is shared by the same images at least.
    private void Sum(string? chain)
    {
        if (Find(chain) is not { Shared: 0 } top)
        {
            return;
        }

        long shared = 0;
        for (Layer? layer = top; layer is not null; layer = Find(layer.Parent))
        {
            shared += layer.Images > 1 ? layer.Size : 0;
        }

        top.Shared = shared;
    }

    private Layer? Find(string? chain) => chain is null ? null : _layers.GetValueOrDefault(chain);

    private sealed class Layer(string? parent, long size)
    {
        public string? Parent => parent;

        public long Size => size;

        public int Images { get; set; }

        public bool IsUsed { get; set; }

        public long Shared { get; set; }
    }
}
