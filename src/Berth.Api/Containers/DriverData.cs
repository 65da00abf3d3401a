namespace Berth.Api;

public sealed record DriverData
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
