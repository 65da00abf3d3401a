using System.Text;

using Berth.Cli.Http;
using Berth.Cli.Json;
using Berth.Oci.Digests;

namespace Berth.Cli.Commands.Images;

/// <summary>Which stacks of layers another daemon has, by their chain IDs (OCI image specification, config.md, "Layer ChainID").</summary>
internal sealed class FarImages
{
    private readonly HashSet<string> chains = [];

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
        foreach (JsonObject? image in far.GetEach(targets))
        {
            images.chains.UnionWith(image is null ? [] : Chains(image)); // null: removed meanwhile
        }

        return images;
    }

    /// <summary>The uppermost stack of an image that is there; null: nothing of it is.</summary>
    /// <param name="image">As inspect has it.</param>
    public string? Uppermost(JsonObject image) => Chains(image).LastOrDefault(chains.Contains);

    /// <summary>Its stacks, from the lowest layer up.</summary>
    public static IEnumerable<string> Chains(JsonObject image)
    {
        string chain = "";
        foreach (string diffId in image.Object("RootFS").List("Layers").OfType<string>())
        {
            chain = chain.Length == 0 ? diffId : Digest.Of(Encoding.UTF8.GetBytes($"{chain} {diffId}")).ToString();
            yield return chain;
        }
    }

    // Docker with containerd's image store (the default since 29) needs an archive's blobs even where it has the layers unpacked.
    private static bool KeepsBlobs(JsonObject info) =>
        info.List("DriverStatus").OfType<JsonList>().Any(static s => s is ["driver-type", string type] && type.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal));
}
