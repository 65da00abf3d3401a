using Berth.Oci.Images;
using Berth.Storage.Snapshots;

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

    /// <summary>Berth's own: stacks of layers that the other side has, by their uppermost; what an image has of one is left out.</summary>
    public IReadOnlyList<ChainId> Have { get; init; } = [];
}
