namespace Berth.Api;

public sealed record IDResponse
{
    public string? Id { get; init; }
}
