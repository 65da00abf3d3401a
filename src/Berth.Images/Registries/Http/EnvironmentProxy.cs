using System.Net;

namespace Berth.Images.Registries.Http;

/// <summary>Tells the HTTP client which proxy to take.</summary>
internal sealed class EnvironmentProxy(ProxySettings settings) : IWebProxy
{
    /// <summary>Those in the proxy's address.</summary>
    public ICredentials? Credentials { get; set; } = new AddressCredentials();

    public Uri? GetProxy(Uri destination) => settings.For(destination);

    public bool IsBypassed(Uri host) => settings.For(host) is null;

    private sealed class AddressCredentials : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            string[] parts = uri.UserInfo.Split(':', 2);
            return uri.UserInfo.Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        }
    }
}
