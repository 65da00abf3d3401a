using System.Net.Http.Headers;
using System.Text;

namespace Berth.Images.Registries.Authorization;

/// <summary>
/// Answers one endpoint's challenges, and remembers them, so that the next request is allowed at once. Tokens are kept by what they allow, until
/// shortly before they end.
/// </summary>
/// <param name="origin">The endpoint: nothing is ever shown to another.</param>
/// <param name="credentials">The user's; null: none, tokens are asked for without.</param>
/// <param name="tokens">Asks the token server.</param>
internal sealed class Authorizer(Uri origin, RegistryCredentials? credentials, TokenServer tokens)
{
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Dictionary<string, (string Token, DateTimeOffset Until)> _cache = new(StringComparer.Ordinal);
    private volatile AuthenticationChallenge? _challenge;

    /// <summary>The user's own token of a lasting kind, where the token server gave one: to be kept by a login.</summary>
    public string? IdentityToken { get; private set; }

    /// <summary>What to send with a request; null: nothing is known to be needed.</summary>
    public async Task<AuthenticationHeaderValue?> ForAsync(IReadOnlyList<TokenScope> scopes, CancellationToken cancel)
    {
        if (credentials?.RegistryToken is { Length: > 0 } ready)
        {
            return new AuthenticationHeaderValue("Bearer", ready);
        }

        return _challenge switch
        {
            null => null,
            { Scheme: "basic" } => Basic(credentials),
            { } bearer => new AuthenticationHeaderValue("Bearer", await TokenAsync(bearer, scopes, cancel)),
        };
    }

    /// <summary>Takes note of a refusal. True: the request is worth another attempt.</summary>
    public bool Learn(HttpResponseMessage refusal, IReadOnlyList<TokenScope> scopes, bool wasShown)
    {
        if (credentials?.RegistryToken is { Length: > 0 })
        {
            return false;
        }

        IEnumerable<string> headers = refusal.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values) ? values : [];
        IReadOnlyList<AuthenticationChallenge> challenges = AuthenticationChallenge.Parse(headers);
        bool canBasic = Basic(credentials) is not null;
        AuthenticationChallenge? chosen = challenges.FirstOrDefault(static c => c.Scheme == "bearer" && c["realm"] is not null)
            ?? challenges.FirstOrDefault(c => c.Scheme == "basic" && canBasic);
        if (chosen is null || (wasShown && chosen.Scheme == "basic"))
        {
            return false;
        }

        // A token that ended early, or one that allows too little.
        lock (_cache)
        {
            _cache.Remove(Key(Wanted(chosen, scopes)));
        }

        _challenge = chosen;
        return true;
    }

    /// <summary>Name and password as one header; null: there are none.</summary>
    internal static AuthenticationHeaderValue? Basic(RegistryCredentials? credentials) => string.IsNullOrEmpty(credentials?.Username) || credentials.Password is null
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    private async Task<string> TokenAsync(AuthenticationChallenge challenge, IReadOnlyList<TokenScope> scopes, CancellationToken cancel)
    {
        IReadOnlyList<string> wanted = Wanted(challenge, scopes);
        string key = Key(wanted);

        // One at a time: layers that begin together need the same token.
        await _asking.WaitAsync(cancel);
        try
        {
            lock (_cache)
            {
                if (_cache.TryGetValue(key, out (string Token, DateTimeOffset Until) kept) && kept.Until > DateTimeOffset.UtcNow)
                {
                    return kept.Token;
                }
            }

            IssuedToken issued = await tokens.IssueAsync(origin, challenge, wanted, credentials, cancel);
            IdentityToken = issued.IdentityToken ?? IdentityToken;
            lock (_cache)
            {
                _cache[key] = (issued.Token, issued.Until);
            }

            return issued.Token;
        }
        finally
        {
            _asking.Release();
        }
    }

    // The request's own, and what the server says it wants beside it.
    private static IReadOnlyList<string> Wanted(AuthenticationChallenge challenge, IReadOnlyList<TokenScope> scopes)
    {
        var wanted = new List<string>(scopes.Select(static s => s.Text));
        foreach (string scope in (challenge["scope"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // Of the challenge that is remembered only what belongs to this request: it came with another repository's.
            if (scopes.Count == 0 || scopes.Any(s => Resource(s.Text) == Resource(scope)))
            {
                wanted.Add(scope);
            }
        }

        return [.. wanted.Distinct().Order(StringComparer.Ordinal)];
    }

    private static string Resource(string scope) => scope.LastIndexOf(':') is > 0 and var colon ? scope[..colon] : scope;

    private static string Key(IReadOnlyList<string> scopes) => string.Join(' ', scopes);
}
