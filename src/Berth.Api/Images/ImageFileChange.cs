namespace Berth.Api;

/// <summary>A path that a layer or an image has otherwise than another.</summary>
public sealed record ImageFileChange
{
    /// <summary>0: changed, 1: added, 2: deleted, as with a container's changes.</summary>
    public long? Kind { get; init; }

    public string? Path { get; init; }

    /// <summary>Bytes of a file that is added or changed.</summary>
    public long? Size { get; init; }
}
