namespace Berth.Oci.Runtime;

/// <summary>One program; the container's state is its standard input. Timeout in seconds.</summary>
public sealed record Hook
{
    public string? Path { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public int? Timeout { get; init; }
}
