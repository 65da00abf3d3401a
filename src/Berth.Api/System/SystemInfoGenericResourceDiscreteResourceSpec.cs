namespace Berth.Api;

public sealed record SystemInfoGenericResourceDiscreteResourceSpec
{
    public string? Kind { get; init; }

    public long? Value { get; init; }
}
