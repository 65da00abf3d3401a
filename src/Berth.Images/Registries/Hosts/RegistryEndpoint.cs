namespace Berth.Images.Registries.Hosts;

/// <summary>One place that serves a registry's content.</summary>
internal sealed record RegistryEndpoint
{
    /// <summary>The root of its API, with a slash at the end: "https://registry-1.docker.io/v2/".</summary>
    public required Uri Api { get; init; }

    public HostCapabilities Capabilities { get; init; } = HostCapabilities.All;

    public TlsFiles Tls { get; init; } = TlsFiles.None;

    /// <summary>Any certificate will do.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Sent with every request to it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How long a connection may take to be made; null: as usual.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>The registry itself, no mirror: it gets the user's credentials.</summary>
    public bool IsUpstream { get; init; }

    /// <summary>Only tried when the endpoint before it could not be connected to: an insecure registry's plain HTTP.</summary>
    public bool IsFallback { get; init; }

    /// <summary>The registry's name, for a mirror that serves several (containerd: "ns"); null: it is not told.</summary>
    public string? Namespace { get; init; }

    /// <summary>The same where the registry may do without a good certificate, or without TLS: any certificate does, and then plain HTTP is tried.</summary>
    public IReadOnlyList<RegistryEndpoint> Insecure() => Api.Scheme != "https" || SkipVerify ? [this] :
    [
        this with { SkipVerify = true },
        this with { Api = new UriBuilder(Api) { Scheme = "http", Port = Api.IsDefaultPort ? 80 : Api.Port }.Uri, SkipVerify = true, IsFallback = true },
    ];

    // Headers may be secret.
    public override string ToString() => Api.ToString();
}
