using System.Collections.Concurrent;
using System.Text.Json;

using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Storage;
using Berth.Storage.Content;

namespace Berth.Images;

/// <summary>Parsed configs of the images used last. A config never changes, so none is ever stale.</summary>
internal sealed class ImageConfigCache(IContentProvider content)
{
    private const int Most = 64;

    private readonly ConcurrentDictionary<Digest, Image> _configs = new();

    /// <exception cref="EngineException">Internal: the config's blob is gone or damaged.</exception>
    public Image Get(Digest id)
    {
        if (_configs.TryGetValue(id, out Image? config))
        {
            return config;
        }

        try
        {
            using Stream stream = content.Open(id);
            config = JsonSerializer.Deserialize(stream, ImageJson.Default.Image)!;
        }
        catch (Exception e) when (e is JsonException or EngineException)
        {
            throw EngineException.Internal($"the config of image {id.Short} cannot be read: {e.Message}", e);
        }

        if (_configs.Count >= Most)
        {
            _configs.Clear();
        }

        _configs[id] = config;
        return config;
    }
}
