using Berth.Oci.Digests;
using Berth.Oci.Images;
using Berth.Oci.References;
using Berth.Storage.Snapshots;

namespace Berth.Images.Commit;

/// <summary>How a container's changes become an image.</summary>
public sealed record CommitRequest
{
    /// <summary>The container's snapshot.</summary>
    public required SnapshotKey Snapshot { get; init; }

    /// <summary>The image that it was made from.</summary>
    public required Digest Parent { get; init; }

    /// <summary>What containers of the new image start with.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>The new image's name; null: none.</summary>
    public ImageReference? Reference { get; init; }

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    /// <summary>The command that made the changes.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>So many of the parent's layers, counted from the lowest, stay as they are, and what is above becomes one layer; null: all stay.</summary>
    public int? KeptLayers { get; init; }
}
