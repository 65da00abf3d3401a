namespace Berth.Oci.Runtime;

/// <summary>config.json of a bundle: OCI runtime specification 1.2.</summary>
public sealed record RuntimeSpec
{
    public string? OciVersion { get; init; }

    public Process? Process { get; init; }

    public Root? Root { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    public IReadOnlyList<Mount>? Mounts { get; init; }

    public Hooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public LinuxSpec? Linux { get; init; }
}
