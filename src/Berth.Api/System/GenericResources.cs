namespace Berth.Api;

public sealed record GenericResources
{
}
