namespace Berth.Api;

public sealed record SwarmSpecTaskDefaults
{
    public SwarmSpecTaskDefaultsLogDriver? LogDriver { get; init; }
}
