using Berth.Oci.Digests;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>Which images an archive is to hold, and how.</summary>
public sealed record SaveRequest
{
    /// <summary>Names or ids. A repository without a tag means all its tags, an id means the image without a name.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Only images for this one; null: any.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Berth's own: layers that these images have are left out, since the other side has them.</summary>
    public IReadOnlyList<string> Since { get; init; } = [];

    /// <summary>Berth's own: how many of an image's lowest layers the other side has, by the image's id; they are left out.</summary>
    public IReadOnlyDictionary<Digest, int> Have { get; init; } = new Dictionary<Digest, int>();
}
