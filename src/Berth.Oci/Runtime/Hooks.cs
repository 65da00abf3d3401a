namespace Berth.Oci.Runtime;

/// <summary>Programs called at points of the life.</summary>
public sealed record Hooks
{
    public IReadOnlyList<Hook>? Prestart { get; init; }

    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    public IReadOnlyList<Hook>? StartContainer { get; init; }

    public IReadOnlyList<Hook>? Poststart { get; init; }

    public IReadOnlyList<Hook>? Poststop { get; init; }
}
