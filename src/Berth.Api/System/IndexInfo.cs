namespace Berth.Api;

public sealed record IndexInfo
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Mirrors { get; init; }

    public bool? Secure { get; init; }

    public bool? Official { get; init; }
}
