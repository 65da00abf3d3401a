namespace Berth.Api;

public sealed record SystemInfoGenericResource
{
    public SystemInfoGenericResourceNamedResourceSpec? NamedResourceSpec { get; init; }

    public SystemInfoGenericResourceDiscreteResourceSpec? DiscreteResourceSpec { get; init; }
}
