using Berth.Cli.Http;
using Berth.Cli.Json;

namespace Berth.Cli.Commands.Images;

/// <summary>Which layers another daemon has, by the images it lists: a layer counts only with all of those below it, as engines keep them.</summary>
internal sealed class FarImages
{
    private readonly List<List<string>> stacks = [];

    private FarImages()
    {
    }

    /// <exception cref="ApiException">It refuses to tell.</exception>
    /// <exception cref="ConnectionException">It cannot be reached.</exception>
    public static FarImages Of(ApiClient far)
    {
        var images = new FarImages();
        if (KeepsBlobs(far.Get("/info")))
        {
            return images;
        }

        List<string> targets = [.. far.List("/images/json?all=1").OfType<JsonObject>().Select(static i => i.Text("Id")).Distinct().Select(static id => $"/images/{Query.Path(id)}/json")];
        images.stacks.AddRange(far.GetEach(targets).OfType<JsonObject>().Select(Layers)); // without those removed meanwhile
        return images;
    }

    /// <summary>How many of an image's lowest layers are there.</summary>
    /// <param name="image">As inspect has it.</param>
    public int LowestOf(JsonObject image)
    {
        List<string> own = Layers(image);
        return stacks.Count == 0 ? 0 : stacks.Max(s => s.Zip(own).TakeWhile(static pair => pair.First == pair.Second).Count());
    }

    private static List<string> Layers(JsonObject image) => [.. image.Object("RootFS").List("Layers").OfType<string>()];

    // Docker with containerd's image store (the default since 29) needs an archive's blobs even where it has the layers unpacked.
    private static bool KeepsBlobs(JsonObject info) =>
        info.List("DriverStatus").OfType<JsonList>().Any(static s => s is ["driver-type", string type] && type.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal));
}
