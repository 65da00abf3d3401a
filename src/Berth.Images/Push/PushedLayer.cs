using Berth.Storage.Content;
using Berth.Storage.Layers;

namespace Berth.Images.Push;

/// <summary>A layer that is to be in the registry.</summary>
/// <param name="Layer">As it is stored.</param>
/// <param name="Stored">The blob that is pushed; null: it has to be compressed first.</param>
internal sealed record PushedLayer(LayerInfo Layer, BlobInfo? Stored);
