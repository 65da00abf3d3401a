using Berth.Api;
using Berth.Daemon.Routing;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>What inspect showed otherwise in earlier versions of the API. Pure.</summary>
internal static class EarlierInspect
{
    private const int ShortId = 12;

    // 1.45 moved the short id from Aliases to DNSNames. docker-compose 1.29 takes a container off its networks and puts it back where it is missing.
    private static readonly ApiVersion AliasesAsGiven = new(1, 45);

    public static ContainerInspectResponse Of(ContainerInspectResponse container, ApiVersion version) =>
        version >= AliasesAsGiven || container.NetworkSettings?.Networks is not { } networks
            ? container
            : container with { NetworkSettings = container.NetworkSettings with { Networks = networks.ToDictionary(n => n.Key, n => WithShortId(n.Value, container.Id ?? "")) } };

    // DNSNames are there where names are resolved, and there only.
    private static EndpointSettings WithShortId(EndpointSettings settings, string id) =>
        settings.DNSNames is null || id.Length < ShortId ? settings : settings with { Aliases = [.. (settings.Aliases ?? []).Append(id[..ShortId]).Distinct()] };
}
