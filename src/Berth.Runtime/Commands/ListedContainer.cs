using Berth.Oci.Json;

namespace Berth.Runtime.Commands;

/// <summary>One entry of `list --format json`, and the answer of `state`.</summary>
internal sealed record ListedContainer
{
    public required string OciVersion { get; init; }

    public required string Id { get; init; }

    public required int Pid { get; init; }

    public required string Status { get; init; }

    public required string Bundle { get; init; }

    public string? Rootfs { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public string Owner { get; init; } = "";

    public void Write(JsonText json) => json
        .Member("ociVersion", OciVersion)
        .Member("id", Id)
        .Member("pid", Pid)
        .Member("status", Status)
        .Member("bundle", Bundle)
        .Member("rootfs", Rootfs)
        .Member("created", Created)
        .Member("annotations", Annotations)
        .Member("owner", Owner);
}
