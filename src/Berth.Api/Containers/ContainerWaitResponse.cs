namespace Berth.Api;

public sealed record ContainerWaitResponse
{
    public long? StatusCode { get; init; }

    public ContainerWaitExitError? Error { get; init; }
}
