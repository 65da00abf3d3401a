using Berth.Images.Registries;
using Berth.Oci.Images;
using Berth.Oci.References;

namespace Berth.Images.Pull;

/// <summary>Which image is pulled, and how.</summary>
public sealed record PullRequest
{
    /// <summary>A name with a tag or digest; one without either means all tags.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>Null: this machine's.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Null: none.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
