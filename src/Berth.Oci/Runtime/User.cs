namespace Berth.Oci.Runtime;

/// <summary>Ids inside the container.</summary>
public sealed record User
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public uint? Umask { get; init; }

    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    public string? Username { get; init; }
}
