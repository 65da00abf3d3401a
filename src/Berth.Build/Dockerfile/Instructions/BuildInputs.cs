using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>What a build is given beside its Dockerfile.</summary>
public sealed record BuildInputs
{
    /// <summary>Of --build-arg, by name.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>What the steps run on.</summary>
    public required Platform BuildPlatform { get; init; }

    /// <summary>What the image is for.</summary>
    public required Platform TargetPlatform { get; init; }

    /// <summary>The target's name; null: the last stage, which has none.</summary>
    public string? TargetStage { get; init; }
}
