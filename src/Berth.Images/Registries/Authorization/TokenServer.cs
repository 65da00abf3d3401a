using System.Net.Http.Headers;
using System.Text.Json;

using Berth.Images.Registries.Http;

namespace Berth.Images.Registries.Authorization;

/// <summary>Asks a registry's token server for tokens: by GET with name and password, by POST (OAuth 2) with an identity token.</summary>
/// <param name="http">Without any header of its own.</param>
/// <param name="retry">How faults are tried again.</param>
internal sealed class TokenServer(HttpClient http, RetryPolicy retry)
{
    private const string Client = "berth";
    private const int LongestAnswer = 1 << 20;

    // The specification's own least; a server that names no time means it.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(60);

    // A token is not used in its last moments: a clock may be wrong, and the request takes its time.
    private const double UsedPart = 0.9;

    /// <exception cref="RegistryException">It refused, could not be asked, or answered nonsense.</exception>
    public async Task<IssuedToken> IssueAsync(
        Uri origin, AuthenticationChallenge challenge, IReadOnlyList<string> scopes, RegistryCredentials? credentials, CancellationToken cancel)
    {
        if (!Uri.TryCreate(origin, challenge["realm"], out Uri? realm) || realm.Scheme is not ("http" or "https"))
        {
            throw new RegistryException($"{RegistryErrors.Shown(origin)} names no token server that can be asked") { IsDamaged = true };
        }

        bool hasIdentity = !string.IsNullOrEmpty(credentials?.IdentityToken);
        AuthenticationHeaderValue? basic = Authorizer.Basic(credentials);
        if (origin.Scheme == "https" && realm.Scheme != "https" && (hasIdentity || basic is not null))
        {
            throw new RegistryException($"{RegistryErrors.Shown(origin)} wants the credentials sent to {RegistryErrors.Shown(realm)} without TLS: refused") { IsDamaged = true };
        }

        DateTimeOffset asked = DateTimeOffset.UtcNow;
        TokenAnswer answer = await AskAsync(() => hasIdentity ? Post(realm, challenge, scopes, credentials!) : Get(realm, challenge, scopes, credentials, basic), cancel);
        string token = answer.Token is { Length: > 0 } own ? own : answer.AccessToken ?? "";
        if (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new RegistryException($"the token server {RegistryErrors.Shown(realm)} answered without a token") { IsDamaged = true };
        }

        double seconds = Math.Clamp(answer.ExpiresIn ?? 0, Shortest.TotalSeconds, TimeSpan.FromDays(1).TotalSeconds);
        return new IssuedToken(token, asked + TimeSpan.FromSeconds(seconds * UsedPart), answer.RefreshToken);
    }

    private async Task<TokenAnswer> AskAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        for (int failed = 1; ; failed++)
        {
            RegistryException failure;
            Uri realm;
            using (HttpRequestMessage first = make())
            {
                realm = first.RequestUri!;
            }

            try
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                silence.CancelAfter(retry.Silence);
                using HttpResponseMessage answer = await FollowAsync(make, silence.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return Parse(await LimitedBody.ReadAsync(answer, LongestAnswer, "the token server's answer", null, silence.Token), realm);
                }

                failure = await RegistryErrors.OfAnswerAsync(answer, silence.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                failure = RegistryErrors.OfFault(realm, e);
            }

            if (!failure.IsPassing || failure.IsUnreachable || retry.Pause(failed, failure.RetryAfter, Random.Shared.NextDouble()) is not { } pause)
            {
                throw failure;
            }

            await Task.Delay(pause, cancel);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        HttpRequestMessage request = make();
        Uri realm = request.RequestUri!, at = realm;
        bool keepsCredentials = true;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer;
            using (request)
            {
                answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            }

            if (!RegistryConnection.IsRedirect(answer.StatusCode))
            {
                return answer;
            }

            using (answer)
            {
                if (redirects == TokenRedirect.Most)
                {
                    throw new RegistryException($"the token server {RegistryErrors.Shown(realm)} redirects more than {TokenRedirect.Most} times") { IsDamaged = true };
                }

                at = TokenRedirect.Target(at, RegistryConnection.Header(answer, "Location"));
                keepsCredentials &= TokenRedirect.KeepsCredentials(realm, at);
                request = TokenRedirect.Request(make(), answer.StatusCode, at, keepsCredentials);
            }
        }
    }

    private static TokenAnswer Parse(byte[] body, Uri address)
    {
        try
        {
            return JsonSerializer.Deserialize(body, RegistryJson.Default.TokenAnswer) ?? new TokenAnswer();
        }
        catch (JsonException)
        {
            // Without the reason: it may quote the token.
            throw new RegistryException($"the token server {RegistryErrors.Shown(address)} answered with malformed JSON") { IsDamaged = true };
        }
    }

    private static HttpRequestMessage Get(
        Uri realm, AuthenticationChallenge challenge, IReadOnlyList<string> scopes, RegistryCredentials? credentials, AuthenticationHeaderValue? basic)
    {
        IEnumerable<KeyValuePair<string, string>> query =
        [
            .. challenge["service"] is { } service ? [KeyValuePair.Create("service", service)] : (KeyValuePair<string, string>[])[],
            .. scopes.Select(static s => KeyValuePair.Create("scope", s)),
            .. basic is null ? (KeyValuePair<string, string>[])[] : [KeyValuePair.Create("account", credentials!.Username!), KeyValuePair.Create("client_id", Client)],
            // Without a scope it is a login, which keeps a lasting token where it gets one.
            .. basic is null || scopes.Count > 0 ? (KeyValuePair<string, string>[])[] : [KeyValuePair.Create("offline_token", "true")],
        ];
        string text = string.Join('&', query.Select(static p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
        var address = new UriBuilder(realm);
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{text}" : text;
        return new HttpRequestMessage(HttpMethod.Get, address.Uri) { Headers = { Authorization = basic } };
    }

    private static HttpRequestMessage Post(Uri realm, AuthenticationChallenge challenge, IReadOnlyList<string> scopes, RegistryCredentials credentials)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "refresh_token"), new("client_id", Client), new("service", challenge["service"] ?? ""), new("refresh_token", credentials.IdentityToken!),
        };
        if (scopes.Count > 0)
        {
            form.Add(new("scope", string.Join(' ', scopes)));
        }

        return new HttpRequestMessage(HttpMethod.Post, realm) { Content = new FormUrlEncodedContent(form) };
    }
}
