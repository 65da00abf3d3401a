namespace Berth.Api;

public sealed record ObjectVersion
{
    public long? Index { get; init; }
}
