using Berth.Api;
using Berth.Daemon.Http;
using Berth.Images;
using Berth.Images.Trees;
using Berth.Storage;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /berth/image-layers, an operation of our own: ?name=IMAGE, and &amp;changes=1 for each path.</summary>
internal static class Layers
{
    public static async Task HandleAsync(ApiCall call)
    {
        string name = call.Query.Text("name") ?? throw EngineException.Invalid("the image's name is wanted");
        bool changes = call.Query.Flag("changes");
        (ImageRecord image, IReadOnlyList<ImageLayer> layers) = await call.Engine.Trees.LayersAsync(name, changes, call.Aborted).ConfigureAwait(false);
        var answer = new ImageLayersResponse
        {
            Id = image.Id.ToString(),
            RepoTags = image.RepoTags,
            Size = image.Size,
            Layers = [.. layers.Select(layer => Shape(layer, changes))],
        };
        await call.WriteAsync(answer, ApiJson.Wire.ImageLayersResponse).ConfigureAwait(false);
    }

    private static ImageLayerSummary Shape(ImageLayer layer, bool changes) => new()
    {
        DiffId = layer.Layer.DiffId.ToString(),
        ChainId = layer.Layer.Chain.ToString(),
        Created = layer.Step?.Created?.ToUnixTimeSeconds() ?? 0,
        CreatedBy = layer.Step?.CreatedBy ?? "",
        Comment = layer.Step?.Comment ?? "",
        Size = layer.Layer.Size,
        Images = layer.Images,
        Added = layer.Added,
        Changed = layer.Changed,
        Deleted = layer.Deleted,
        Changes = changes ? [.. layer.Changes.Select(Difference.Shape)] : null,
    };
}
