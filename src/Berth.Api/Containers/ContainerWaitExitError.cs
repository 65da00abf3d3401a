namespace Berth.Api;

public sealed record ContainerWaitExitError
{
    public string? Message { get; init; }
}
