using System.Net;
using System.Net.Sockets;

using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Registries.Hosts;

/// <summary>Which endpoints serve a registry, in the order in which they are asked. Reads the folders anew each time, so that a change counts at once.</summary>
internal sealed class RegistryHosts
{
    private const string HubServer = "registry-1.docker.io";
    private static readonly TimeSpan LookupLimit = TimeSpan.FromSeconds(5);

    private readonly RegistryOptions _options;
    private readonly HostsFolders _folders;
    private readonly InsecureRegistries _insecure;

    public RegistryHosts(RegistryOptions options)
    {
        _options = options;
        _folders = new HostsFolders(options.HostsFolders);
        _insecure = new InsecureRegistries(options.Insecure);
    }

    /// <summary>Where a registry is found when nothing else is said.</summary>
    public static string ServerOf(string registry) => registry == ImageReference.DefaultDomain ? HubServer : registry;

    /// <summary>As <see cref="ResolveAsync"/>, for a request that bears with the registry itself, whatever the settings say; mirrors stay as they are.</summary>
    /// <exception cref="EngineException">Invalid: the registry's hosts.toml or certificates are wrong.</exception>
    public async Task<IReadOnlyList<RegistryEndpoint>> ResolveInsecureAsync(string registry, CancellationToken cancel) =>
        [.. (await ResolveAsync(registry, cancel)).SelectMany(static e => e.IsUpstream ? e.Insecure() : [e])];

    /// <exception cref="EngineException">Invalid: the registry's hosts.toml or certificates are wrong.</exception>
    public async Task<IReadOnlyList<RegistryEndpoint>> ResolveAsync(string registry, CancellationToken cancel)
    {
        if (_folders.Find(registry) is { } folder && await ReadAsync(Path.Join(folder, HostsFile.Name), registry, cancel) is { } endpoints)
        {
            return endpoints;
        }

        var found = new List<RegistryEndpoint>();
        foreach (Uri mirror in registry == ImageReference.DefaultDomain ? _options.Mirrors : [])
        {
            found.AddRange(await PlainAsync(mirror.Authority, mirror, isUpstream: false, cancel));
        }

        found.AddRange(await PlainAsync(registry, null, isUpstream: true, cancel));
        return found;
    }

    private static async Task<IReadOnlyList<RegistryEndpoint>?> ReadAsync(string path, string registry, CancellationToken cancel)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > HostsFile.Longest })
            {
                throw EngineException.Invalid($"{path} is larger than {HostsFile.Longest >> 20} MiB");
            }

            return HostsFile.Parse(await File.ReadAllTextAsync(path, cancel), path, registry);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid($"the settings of the registry {registry} cannot be used: {e.Message}", e);
        }
    }

    // Without a hosts file: TLS, and for an insecure one TLS with any certificate, then none.
    private async Task<IEnumerable<RegistryEndpoint>> PlainAsync(string name, Uri? mirror, bool isUpstream, CancellationToken cancel)
    {
        string path = mirror is null ? "/" : mirror.AbsolutePath.TrimEnd('/') + "/";
        var secure = new RegistryEndpoint
        {
            Api = new Uri($"{mirror?.Scheme ?? "https"}://{ServerOf(name)}{path}v2/"),
            Tls = Certificates(name),
            Capabilities = isUpstream ? HostCapabilities.All : HostCapabilities.Pull | HostCapabilities.Resolve,
            IsUpstream = isUpstream,
        };
        return secure.Api.Scheme == "https" && _insecure.Contains(name, await AddressesAsync(name, cancel)) ? secure.Insecure() : [secure];
    }

    private TlsFiles Certificates(string name)
    {
        try
        {
            return _folders.Find(name) is { } folder ? TlsFiles.OfFolder(folder) : TlsFiles.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineException.Invalid($"the certificates of the registry {name} cannot be read: {e.Message}", e);
        }
    }

    // No name server, no addresses: then only the name decides.
    private static async Task<IReadOnlyList<IPAddress>> AddressesAsync(string name, CancellationToken cancel)
    {
        string host = InsecureRegistries.HostOf(name);
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        if (host == "localhost" || name == ImageReference.DefaultDomain)
        {
            return [];
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LookupLimit);
        try
        {
            return await Dns.GetHostAddressesAsync(host, limit.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return [];
        }
    }
}
