using Tomlyn;
using Tomlyn.Model;

namespace Berth.Images.Registries.Hosts;

/// <summary>
/// containerd's hosts.toml: which endpoints serve a registry, the registry's own server last
/// (containerd: docs/hosts.md). An option that is not known is refused.
/// </summary>
internal static class HostsFile
{
    public const string Name = "hosts.toml";

    /// <summary>Far more than anybody's; bytes.</summary>
    public const int Longest = 1 << 20;

    /// <param name="text">The file.</param>
    /// <param name="path">Where it lies; relative names in it are beside it.</param>
    /// <param name="registry">Whose endpoints: the registry's name.</param>
    /// <exception cref="FormatException">What is wrong with it, and where.</exception>
    public static IReadOnlyList<RegistryEndpoint> Parse(string text, string path, string registry)
    {
        var top = new HostTable(Read(text, path), path);
        string folder = Path.GetDirectoryName(path) ?? "/";
        var endpoints = new List<RegistryEndpoint>();
        foreach ((string address, HostTable table) in top.Tables("host"))
        {
            endpoints.Add(Endpoint(table, address, folder, path) with { Namespace = registry });
            table.Finish();
        }

        string? server = top.Text("server");
        RegistryEndpoint own = Endpoint(top, server ?? $"https://{RegistryHosts.ServerOf(registry)}", folder, path);
        top.Finish();
        endpoints.Add(own with { IsUpstream = true });

        // The registry itself needs not be told its own name, and is itself wherever it stands.
        return [.. endpoints.Select(e => IsOwn(e, registry) ? e with { Namespace = null, IsUpstream = true } : e)];
    }

    private static bool IsOwn(RegistryEndpoint endpoint, string registry) =>
        endpoint.Api.Authority == registry || endpoint.Api.Authority == RegistryHosts.ServerOf(registry);

    private static TomlTable Read(string text, string path)
    {
        try
        {
            return TomlSerializer.Deserialize(text, HostsToml.Default.TomlTable) ?? new TomlTable();
        }
        catch (TomlException e)
        {
            throw new FormatException($"{path} is no TOML: {(e.InnerException as TomlException ?? e).Message}", e);
        }
    }

    private static RegistryEndpoint Endpoint(HostTable table, string address, string folder, string path)
    {
        bool overridesPath = table.Flag("override_path");
        var endpoint = new RegistryEndpoint
        {
            Api = Api(address, overridesPath, path),
            Capabilities = Capabilities(table.Texts("capabilities"), path),
            SkipVerify = table.Flag("skip_verify"),
            Headers = table.Headers("header"),
            ConnectTimeout = table.Duration("dial_timeout"),
            Tls = new TlsFiles(
                [.. table.Texts("ca").Select(file => Path.GetFullPath(file, folder))],
                [.. table.Pairs("client").Select(c => new ClientCertificateFiles(Path.GetFullPath(c.Certificate, folder), c.Key is null ? null : Path.GetFullPath(c.Key, folder)))]),
        };
        CheckHeaders(endpoint.Headers, path);
        return endpoint;
    }

    private static Uri Api(string address, bool overridesPath, string path)
    {
        string whole = address.Contains("://", StringComparison.Ordinal) ? address : $"https://{address}";
        if (!Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw new FormatException($"{path}: {address} is no address of a registry: http or https, a host, and perhaps a path are wanted");
        }

        string root = uri.AbsolutePath.TrimEnd('/');
        return new Uri(uri, overridesPath || root.EndsWith("/v2", StringComparison.Ordinal) ? $"{root}/" : $"{root}/v2/");
    }

    private static HostCapabilities Capabilities(IReadOnlyList<string> names, string path) => names.Count == 0 ? HostCapabilities.All : names.Aggregate(
        HostCapabilities.None,
        (all, name) => all | name switch
        {
            "pull" => HostCapabilities.Pull,
            "resolve" => HostCapabilities.Resolve,
            "push" => HostCapabilities.Push,
            _ => throw new FormatException($"{path}: the capability \"{name}\" is not known: pull, resolve or push"),
        });

    private static void CheckHeaders(IEnumerable<KeyValuePair<string, string>> headers, string path)
    {
        foreach ((string name, string value) in headers)
        {
            // Not the value: it may be a secret.
            if (value.AsSpan().ContainsAny('\r', '\n', '\0') || name.Length == 0 || name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"))
            {
                throw new FormatException($"{path}: the header \"{name}\" cannot be sent: a line break in its value, or a character that names of headers do not have");
            }
        }
    }
}
