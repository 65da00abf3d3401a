namespace Berth.Api;

public sealed record EventActor
{
    public string? ID { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}
