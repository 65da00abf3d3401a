namespace Berth.Images.Registries.Http;

/// <summary>The daemon's proxies: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case of letters. Addresses may hold passwords, so no message shows them.</summary>
public sealed record ProxySettings
{
    public static readonly ProxySettings None = new();

    /// <summary>For http addresses.</summary>
    public Uri? Http { get; private init; }

    /// <summary>For https addresses.</summary>
    public Uri? Https { get; private init; }

    internal NoProxy Except { get; private init; } = NoProxy.Parse(null);

    /// <exception cref="FormatException">One is no address of a proxy; it is named, not shown.</exception>
    public static ProxySettings FromEnvironment(Func<string, string?> variable) => new()
    {
        Http = Address(variable, "HTTP_PROXY"),
        Https = Address(variable, "HTTPS_PROXY"),
        Except = NoProxy.Parse(variable("NO_PROXY") is { Length: > 0 } upper ? upper : variable("no_proxy")),
    };

    /// <summary>Which proxy a request goes through; null: none.</summary>
    internal Uri? For(Uri destination)
    {
        Uri? proxy = destination.Scheme == Uri.UriSchemeHttps ? Https : Http;
        return proxy is null || Except.Contains(destination) ? null : proxy;
    }

    public override string ToString() => "proxies";

    private static Uri? Address(Func<string, string?> variable, string name)
    {
        string? text = variable(name) is { Length: > 0 } upper ? upper : variable(name.ToLowerInvariant());
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string whole = text.Contains("://", StringComparison.Ordinal) ? text.Trim() : $"http://{text.Trim()}";
        return Uri.TryCreate(whole, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" or "socks5" or "socks5h" && uri.Host.Length > 0
            ? uri.Scheme == "socks5h" ? new UriBuilder(uri) { Scheme = "socks5" }.Uri : uri
            : throw new FormatException($"the environment's {name} is no address of a proxy: [http|https|socks5]://HOST:PORT is wanted");
    }
}
