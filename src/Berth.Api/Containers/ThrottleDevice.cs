namespace Berth.Api;

public sealed record ThrottleDevice
{
    public string? Path { get; init; }

    public long? Rate { get; init; }
}
