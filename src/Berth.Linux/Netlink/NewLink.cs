using Berth.Linux.Files;

namespace Berth.Linux.Netlink;

/// <summary>An interface to be made. It is created down.</summary>
public sealed record NewLink
{
    /// <summary>Its name where it will be.</summary>
    public required string Name { get; init; }

    public required LinkKind Kind { get; init; }

    /// <summary>Index, in the socket's namespace, of the interface it stands on; 0: none (dummy).</summary>
    public int Parent { get; init; }

    /// <summary>Six bytes; null: chosen by the kernel.</summary>
    public byte[]? Address { get; init; }

    /// <summary>0: the parent's.</summary>
    public int Mtu { get; init; }

    /// <summary>The namespace it is made in; null: the socket's. Not owned.</summary>
    public FileDescriptor? Namespace { get; init; }
}
