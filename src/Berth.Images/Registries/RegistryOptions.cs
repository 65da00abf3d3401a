using Berth.Images.Registries.Http;

namespace Berth.Images.Registries;

/// <summary>How registries are reached: the daemon's own settings.</summary>
public sealed record RegistryOptions
{
    /// <summary>Folders with one folder a registry (containerd's hosts.toml, or Docker's certificates), the first with one for a registry counts.</summary>
    public IReadOnlyList<string> HostsFolders { get; init; } = ["/etc/berth/certs.d", "/etc/docker/certs.d"];

    /// <summary>Asked before Docker Hub, in this order.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Registries that may speak plain HTTP or have a certificate nobody vouches for: HOST, HOST:PORT or a subnet. This machine itself always may.</summary>
    public IReadOnlyList<string> Insecure { get; init; } = [];

    /// <summary>Through which proxies requests go.</summary>
    public ProxySettings Proxy { get; init; } = ProxySettings.None;

    /// <summary>Layers of one pull that are fetched at once.</summary>
    public int Downloads { get; init; } = 3;

    /// <summary>How requests that failed are tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>What the program says it is.</summary>
    public string UserAgent { get; init; } = "berth";
}
