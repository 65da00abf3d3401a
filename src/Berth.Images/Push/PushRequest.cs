using Berth.Images.Registries;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images.Push;

/// <summary>Which image is pushed, and how.</summary>
public sealed record PushRequest
{
    /// <summary>A name with a tag; one without means all its tags.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>What the image must be for; null: anything.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Null: none.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
