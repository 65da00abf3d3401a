using Berth.Images.Registries;
using Berth.Oci.References;

namespace Berth.Images.Lists;

/// <summary>A list of manifests that is to be in a registry.</summary>
public sealed record ManifestListRequest
{
    /// <summary>Its name there, with a tag.</summary>
    public required ImageReference Name { get; init; }

    /// <summary>In the list's order. Each is in the same registry; those of other repositories are brought into this one.</summary>
    public required IReadOnlyList<ListMember> Members { get; init; }

    /// <summary>The registry may do without a good certificate, or without TLS.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Null: none.</summary>
    public RegistryCredentials? Credentials { get; init; }
}
