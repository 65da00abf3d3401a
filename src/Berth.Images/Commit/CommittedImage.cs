using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Images.Commit;

/// <summary>The config of an image that is made by a commit.</summary>
internal static class CommittedImage
{
    /// <param name="parent">The config of the image below.</param>
    /// <param name="request">What is committed.</param>
    /// <param name="layer">The new layer; null: nothing had changed, so there is none.</param>
    /// <param name="now">When.</param>
    public static Image Of(Image parent, CommitRequest request, Digest? layer, DateTimeOffset now)
    {
        IReadOnlyList<string> below = parent.RootFs?.DiffIds ?? [];
        IReadOnlyList<string> kept = request.KeptLayers is { } count ? [.. below.Take(count)] : below;
        var step = new History
        {
            Created = now, CreatedBy = request.CreatedBy, Author = TextOrNull(request.Author), Comment = TextOrNull(request.Comment), EmptyLayer = layer is null ? true : null,
        };
        return parent with
        {
            Config = request.Config, Created = now, Author = TextOrNull(request.Author), Comment = TextOrNull(request.Comment), DockerVersion = null,
            RootFs = new RootFs { DiffIds = layer is { } top ? [.. kept, top.ToString()] : kept }, History = [.. Steps(parent.History ?? [], kept.Count), step],
        };
    }

    // The steps whose layers are gone stay told, as steps without a layer.
    private static IEnumerable<History> Steps(IReadOnlyList<History> steps, int kept)
    {
        int layers = 0;
        foreach (History step in steps)
        {
            bool hasLayer = step.EmptyLayer != true;
            yield return hasLayer && ++layers > kept ? step with { EmptyLayer = true } : step;
        }
    }

    private static string? TextOrNull(string text) => text.Length > 0 ? text : null;
}
