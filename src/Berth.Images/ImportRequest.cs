using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images;

/// <summary>How an imported file system becomes an image.</summary>
public sealed record ImportRequest
{
    /// <summary>The image's name; null: none.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>Dockerfile instructions, e.g. "CMD [\"sh\"]".</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Its comment in the history.</summary>
    public string Message { get; init; } = "";

    /// <summary>Null: this machine's.</summary>
    public Platform? Platform { get; init; }
}
