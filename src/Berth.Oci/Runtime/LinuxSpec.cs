namespace Berth.Oci.Runtime;

/// <summary>The Linux part.</summary>
public sealed record LinuxSpec
{
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public Resources? Resources { get; init; }

    public string? CgroupsPath { get; init; }

    public IReadOnlyList<Namespace>? Namespaces { get; init; }

    public IReadOnlyList<Device>? Devices { get; init; }

    public SeccompPolicy? Seccomp { get; init; }

    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init; }

    public Personality? Personality { get; init; }
}
