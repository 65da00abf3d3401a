namespace Berth.Api;

public sealed record DriverData
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public string? Name { get; init; }
}
