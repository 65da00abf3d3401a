using Berth.Oci.References;

namespace Berth.Cli.Registries;

/// <summary>Registries' names, and the keys under which clients keep their credentials.</summary>
internal static class RegistryServer
{
    /// <summary>Docker Hub's key, since before it had registries.</summary>
    public const string Hub = "https://index.docker.io/v1/";

    /// <summary>The key of the registry that a user names; empty means Docker Hub.</summary>
    public static string KeyOf(string typed)
    {
        string host = HostOf(typed);
        return host is "" or ImageReference.DefaultDomain or "index.docker.io" or "registry-1.docker.io" ? Hub : host;
    }

    /// <summary>The key of the registry that an image comes from.</summary>
    public static string KeyOf(ImageReference image) => image.Domain == ImageReference.DefaultDomain ? Hub : image.Domain;

    /// <summary>Without scheme and path: older clients wrote keys with both.</summary>
    public static string HostOf(string key)
    {
        string rest = key.Trim();
        int scheme = rest.IndexOf("://", StringComparison.Ordinal);
        rest = scheme < 0 ? rest : rest[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? rest : rest[..slash];
    }
}
