using System.Net;

using Berth.Images.Registries.Http;

namespace Berth.Images.Registries.Authorization;

/// <summary>
/// Where a token server's redirect leads, and what may go there. As by docker (Go's net/http): the address is taken as it stands; credentials stay with
/// the realm's host, and here also never go without TLS to where they would not have gone before.
/// </summary>
internal static class TokenRedirect
{
    /// <summary>As many as Go follows.</summary>
    public const int Most = 10;

    /// <exception cref="RegistryException">It leads nowhere, or away from TLS.</exception>
    public static Uri Target(Uri from, string? location)
    {
        if (!Uri.TryCreate(from, location, out Uri? target) || target.Scheme is not ("http" or "https"))
        {
            throw new RegistryException($"the token server {RegistryErrors.Shown(from)} redirects to nowhere") { IsDamaged = true };
        }

        return from.Scheme == "https" && target.Scheme != "https"
            ? throw new RegistryException($"the token server {RegistryErrors.Shown(from)} redirects to {RegistryErrors.Shown(target)}, which is without TLS: refused") { IsDamaged = true }
            : target;
    }

    /// <summary>Whether what the user shows to the realm may be shown there.</summary>
    public static bool KeepsCredentials(Uri realm, Uri target) => string.Equals(realm.IdnHost, target.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (target.Scheme == "https" || (target.Scheme == realm.Scheme && target.Port == realm.Port));

    /// <summary>The request that follows.</summary>
    /// <param name="first">The one that the realm got, made anew; its headers and body are the credentials.</param>
    /// <param name="status">Of the redirect.</param>
    /// <param name="target">Where to.</param>
    /// <param name="keepsCredentials">They may be shown there.</param>
    /// <exception cref="RegistryException">An identity token would have to go to another host.</exception>
    public static HttpRequestMessage Request(HttpRequestMessage first, HttpStatusCode status, Uri target, bool keepsCredentials)
    {
        bool isSame = status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (first.Method == HttpMethod.Post && isSame && !keepsCredentials)
        {
            throw new RegistryException($"the token server {RegistryErrors.Shown(first.RequestUri)} wants the identity token sent to {RegistryErrors.Shown(target)}: refused") { IsDamaged = true };
        }

        if (first.Method == HttpMethod.Post && !isSame)
        {
            return new HttpRequestMessage(HttpMethod.Get, target); // as every client does since browsers did: without the form
        }

        first.RequestUri = target;
        first.Headers.Authorization = keepsCredentials ? first.Headers.Authorization : null;
        return first;
    }
}
