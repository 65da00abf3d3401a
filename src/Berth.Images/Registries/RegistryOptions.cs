using Berth.Images.Registries.Hosts;
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

    /// <summary>Layers of one push that are sent at once.</summary>
    public int Uploads { get; init; } = 5;

    /// <summary>How requests that failed are tried again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>Told a line when an endpoint sent what it should not, and another is asked.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>What the program says it is.</summary>
    public string UserAgent { get; init; } = "berth";

    /// <summary>Reads the address of a mirror.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Uri ParseMirror(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? mirror) && mirror.Scheme is "http" or "https" && mirror.Query.Length == 0 && mirror.Fragment.Length == 0 && mirror.UserInfo.Length == 0
            ? mirror
            : throw new FormatException($"{text} is no address of a mirror: http:// or https://, a host, and perhaps a path are wanted");

    /// <summary>Checks the name of an insecure registry.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string ParseInsecure(string text)
    {
        _ = new InsecureRegistries([text]);
        return text;
    }
}
