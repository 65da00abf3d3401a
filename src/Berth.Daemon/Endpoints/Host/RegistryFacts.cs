using System.Net;
using Berth.Api;
using Berth.Images.Registries;

namespace Berth.Daemon.Endpoints.Host;

/// <summary>What GET /info says of registries.</summary>
internal static class RegistryFacts
{
    private const string Hub = "docker.io";

    public static RegistryServiceConfig Of(RegistryOptions options)
    {
        string[] mirrors = [.. options.Mirrors.Select(static m => m.ToString())];
        var indexes = new Dictionary<string, IndexInfo> { [Hub] = new() { Name = Hub, Mirrors = mirrors, Secure = true, Official = true } };
        foreach (string name in options.Insecure.Where(static i => !IPNetwork.TryParse(i, out _)))
        {
            indexes[name] = new IndexInfo { Name = name, Mirrors = [], Secure = false, Official = false };
        }

        return new RegistryServiceConfig
        {
            AllowNondistributableArtifactsCIDRs = [],
            AllowNondistributableArtifactsHostnames = [],
            InsecureRegistryCIDRs = [.. options.Insecure.Where(static i => IPNetwork.TryParse(i, out _)), "::1/128", "127.0.0.0/8"],
            IndexConfigs = indexes,
            Mirrors = mirrors,
        };
    }
}
