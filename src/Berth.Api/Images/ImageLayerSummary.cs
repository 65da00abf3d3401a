using System.Text.Json.Serialization;

namespace Berth.Api;

/// <summary>What one layer adds to those below it.</summary>
public sealed record ImageLayerSummary
{
    public string? DiffId { get; init; }

    public string? ChainId { get; init; }

    public long? Created { get; init; }

    public string? CreatedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>Bytes of its files.</summary>
    public long? Size { get; init; }

    /// <summary>How many images have it.</summary>
    public long? Images { get; init; }

    public long? Added { get; init; }

    public long? Changed { get; init; }

    public long? Deleted { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImageFileChange>? Changes { get; init; }
}
