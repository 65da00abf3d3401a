namespace Berth.Api;

public sealed record SystemInfoGenericResourceNamedResourceSpec
{
    public string? Kind { get; init; }

    public string? Value { get; init; }
}
