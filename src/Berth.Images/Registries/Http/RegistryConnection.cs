using System.Net;
using System.Net.Http.Headers;

using Berth.Images.Registries.Authorization;
using Berth.Images.Registries.Hosts;

namespace Berth.Images.Registries.Http;

/// <summary>
/// Requests to one endpoint: allowed, tried again, led elsewhere by redirects. What belongs to the endpoint (authorization, headers of its
/// settings) is never sent to another host, port or scheme.
/// </summary>
internal sealed class RegistryConnection : IDisposable
{
    private const int MostRedirects = 10;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly ServerTrust _trust;
    private readonly RetryPolicy _retry;

    public RegistryConnection(RegistryEndpoint endpoint, RegistryCredentials? credentials, RegistryOptions options)
    {
        Endpoint = endpoint;
        _retry = options.Retry;
        _trust = new ServerTrust(endpoint);
        _http = new HttpClient(Handler(endpoint, options, _trust)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        Authorizer = new Authorizer(endpoint.Api, endpoint.IsUpstream ? credentials : null, new TokenServer(_http, _retry));
    }

    public RegistryEndpoint Endpoint { get; }

    public Authorizer Authorizer { get; }

    /// <summary>How long an answer may stand still.</summary>
    public TimeSpan Silence => _retry.Silence;

    /// <summary>Why no connection came about, so that it is not asked again in this session; null: it is asked.</summary>
    public RegistryException? Dead { get; private set; }

    /// <summary>An address below the endpoint's root, with what a mirror of many wants to know.</summary>
    public Uri At(string path)
    {
        string query = Endpoint.Namespace is null ? "" : $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ns={Uri.EscapeDataString(Endpoint.Namespace)}";
        return new Uri(Endpoint.Api, path + query);
    }

    /// <summary>The answer's head, whatever its status; its body is the caller's to read. Passing failures were tried again.</summary>
    /// <exception cref="RegistryException">There was no answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancel)
    {
        for (int failed = 1; ; failed++)
        {
            TimeSpan? asked = null;
            HttpResponseMessage? answer = null;
            RegistryException? failure = null;
            try
            {
                answer = await SendAllowedAsync(request, cancel);
                if (!RetryPolicy.IsPassing(answer.StatusCode))
                {
                    return answer;
                }

                asked = RetryAfter.Parse(Header(answer, "Retry-After"), DateTimeOffset.UtcNow);
            }
            catch (RegistryException e)
            {
                failure = e;
                Dead = e.IsUnreachable && !request.RetriesConnecting ? e : null;
            }

            bool again = request.IsRepeatable && (failure is null || (failure.IsPassing && (!failure.IsUnreachable || request.RetriesConnecting)));
            if (!again || _retry.Pause(failed, asked, Random.Shared.NextDouble()) is not { } pause)
            {
                return answer ?? throw failure!;
            }

            answer?.Dispose();
            await Task.Delay(pause, cancel);
        }
    }

    /// <summary>As <see cref="SendAsync"/>; any other status than one of success is a failure.</summary>
    /// <exception cref="RegistryException">It was refused, or there was no answer.</exception>
    public async Task<HttpResponseMessage> SendGoodAsync(RegistryRequest request, CancellationToken cancel)
    {
        HttpResponseMessage answer = await SendAsync(request, cancel);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await RegistryErrors.OfAnswerAsync(answer, cancel);
        }
    }

    /// <summary>A header as it stands; null: there is none.</summary>
    public static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) || answer.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.FirstOrDefault() : null;

    public void Dispose()
    {
        _http.Dispose();
        _trust.Dispose();
    }

    // Shown what is known to be wanted; and once more when the endpoint says what it wants.
    private async Task<HttpResponseMessage> SendAllowedAsync(RegistryRequest request, CancellationToken cancel)
    {
        const int MostRounds = 2;
        for (int round = 1; ; round++)
        {
            AuthenticationHeaderValue? shown = await Authorizer.ForAsync(request.Scopes, cancel);
            HttpResponseMessage answer = await FollowAsync(request, shown, cancel);
            bool isOwn = answer.RequestMessage!.RequestUri is { } asked && IsSameOrigin(asked, Endpoint.Api);
            if (answer.StatusCode != HttpStatusCode.Unauthorized || round == MostRounds || !isOwn || !Authorizer.Learn(answer, request.Scopes, shown is not null))
            {
                return answer;
            }

            answer.Dispose();
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(RegistryRequest request, AuthenticationHeaderValue? shown, CancellationToken cancel)
    {
        Uri address = request.Address;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer = await SendOnceAsync(request, address, shown, cancel);
            if (!IsRedirect(answer.StatusCode) || request.Method == HttpMethod.Post)
            {
                return answer;
            }

            using (answer)
            {
                Uri next = Uri.TryCreate(address, Header(answer, "Location"), out Uri? target) && target.Scheme is "http" or "https"
                    ? target
                    : throw new RegistryException($"{RegistryErrors.Shown(address)} redirects to nowhere") { IsDamaged = true };
                if (redirects == MostRedirects)
                {
                    throw new RegistryException($"{RegistryErrors.Shown(request.Address)} redirects more than {MostRedirects} times") { IsDamaged = true };
                }

                if (address.Scheme == "https" && next.Scheme != "https" && !Endpoint.SkipVerify)
                {
                    throw new RegistryException($"{RegistryErrors.Shown(address)} redirects to {RegistryErrors.Shown(next)}, which is without TLS: refused") { IsDamaged = true };
                }

                address = next;
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, Uri address, AuthenticationHeaderValue? shown, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(request.Method, address) { Content = request.Content?.Invoke() };
        foreach (string type in request.Accept)
        {
            message.Headers.TryAddWithoutValidation("Accept", type);
        }

        if (request.From is { } from)
        {
            message.Headers.Range = new RangeHeaderValue(from, request.To);
        }

        if (IsSameOrigin(address, Endpoint.Api))
        {
            message.Headers.Authorization = shown;
            foreach ((string name, string value) in Endpoint.Headers)
            {
                message.Headers.Remove(name);
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(_retry.Silence);
        try
        {
            // A body may be sent for as long as it takes: its own reads are watched.
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, message.Content is null ? silence.Token : cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw RegistryErrors.OfFault(address, new TimeoutException($"no answer for {_retry.Silence.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RegistryErrors.OfFault(address, e);
        }
    }

    private static SocketsHttpHandler Handler(RegistryEndpoint endpoint, RegistryOptions options, ServerTrust trust) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None, // a layer's own gzip is what its digest is of
        ConnectTimeout = endpoint.ConnectTimeout ?? ConnectLimit,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxConnectionsPerServer = 32,
        MaxResponseHeadersLength = 64,
        UseProxy = options.Proxy.Http is not null || options.Proxy.Https is not null,
        Proxy = new EnvironmentProxy(options.Proxy),
        SslOptions = trust.Options(),
        ActivityHeadersPropagator = null,
    };

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an answer leads elsewhere.</summary>
    internal static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
