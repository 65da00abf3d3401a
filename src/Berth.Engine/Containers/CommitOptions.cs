using Berth.Api;
using Berth.Oci.References;

namespace Berth.Engine.Containers;

/// <summary>What POST /commit asks for.</summary>
public sealed record CommitOptions
{
    /// <summary>Name or id.</summary>
    public required string Container { get; init; }

    /// <summary>The new image's name; null: none.</summary>
    public ImageReference? Reference { get; init; }

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    /// <summary>The container stands still while its files are read.</summary>
    public bool Pause { get; init; } = true;

    /// <summary>Dockerfile instructions that change the configuration.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Goes over the container's configuration; null: that one as it is.</summary>
    public ContainerConfig? Config { get; init; }

    /// <summary>Berth's own: the image's layers and the changes become one layer.</summary>
    public bool Squash { get; init; }

    /// <summary>Berth's own: the layers of this image stay, what lies above becomes one layer. Implies <see cref="Squash"/>.</summary>
    public string? SquashBase { get; init; }
}
