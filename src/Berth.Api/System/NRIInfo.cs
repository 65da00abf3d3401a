namespace Berth.Api;

public sealed record NRIInfo
{
    public IReadOnlyList<IReadOnlyList<string>>? Info { get; init; }
}
