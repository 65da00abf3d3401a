using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Berth.Images.Registries.Http;

/// <summary>Failures of HTTP, told to users.</summary>
internal static class RegistryErrors
{
    private const int LongestBody = 64 << 10;
    private const int LongestMessage = 1000;

    // Its status says the most of it already.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    /// <summary>An answer that is not the one that was wanted.</summary>
    public static async Task<RegistryException> OfAnswerAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        (string? code, string? message) = await ReadAsync(answer, cancel);
        string status = $"{(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
        string? told = code is null && message is null ? null : $"{Words(code)}{(code is not null && message is not null ? ": " : "")}{message}";
        bool passes = RetryPolicy.IsPassing(answer.StatusCode);
        TimeSpan? wait = passes ? RetryAfter.Parse(RegistryConnection.Header(answer, "Retry-After"), DateTimeOffset.UtcNow) : null;
        string words = $"{told ?? $"unexpected status: {status}"}{Again(wait)}";
        return new RegistryException($"{answer.RequestMessage?.Method} {Shown(answer.RequestMessage?.RequestUri)}: {words}")
        {
            Status = answer.StatusCode, Code = code, Told = words, IsPassing = passes, RetryAfter = wait, IsWordless = told is null,
        };
    }

    /// <summary>There was no whole answer.</summary>
    public static RegistryException OfFault(Uri address, Exception fault)
    {
        var http = fault as HttpRequestException;
        bool unreachable = http?.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError;
        string why = http?.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => $"TLS: {Innermost(fault)}",
            HttpRequestError.NameResolutionError => NoName(fault),
            _ => Innermost(fault),
        };
        return new RegistryException($"{Shown(address)} cannot be reached: {why}", fault)
        {
            IsUnreachable = unreachable,
            IsPassing = http?.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ConfigurationLimitExceeded),
        };
    }

    /// <summary>An address without its query, which may be signed, and without a password.</summary>
    public static string Shown(Uri? address) => address is null ? "" : address.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort | UriComponents.Path, UriFormat.UriEscaped);

    // The C library's words for these do not speak of names. getaddrinfo(3): EAI_AGAIN, EAI_NONAME.
    private static string NoName(Exception fault) => fault.GetBaseException() is SocketException socket
        ? socket.SocketErrorCode switch
        {
            SocketError.TryAgain => "no name server answered for its name: see /etc/resolv.conf of this machine",
            SocketError.HostNotFound or SocketError.NoData => "there is no host of that name",
            _ => Innermost(fault),
        }
        : Innermost(fault);

    private static string Innermost(Exception fault)
    {
        Exception last = fault.GetBaseException();
        return last.Message.TrimEnd('.');
    }

    private static string Again(TimeSpan? wait) =>
        wait is { TotalSeconds: > 0 } asked ? string.Create(CultureInfo.InvariantCulture, $"; try again after {Math.Ceiling(asked.TotalSeconds):0} s") : "";

    // "MANIFEST_UNKNOWN" is printed as "manifest unknown", as Docker does.
    private static string? Words(string? code) => code?.Replace('_', ' ').ToLowerInvariant();

    private static async Task<(string? Code, string? Message)> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(await LimitedBody.ReadAsync(answer, LongestBody, "an error", LongestSilence, cancel));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }

            if (root.TryGetProperty("errors", out JsonElement errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0 && errors[0].ValueKind == JsonValueKind.Object)
            {
                return (Text(errors[0], "code"), Text(errors[0], "message"));
            }

            return (null, Text(root, "details") ?? Text(root, "message") ?? Text(root, "error_description") ?? Text(root, "error"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or RegistryException or IOException or HttpRequestException)
        {
            return (null, null); // the status says it
        }
    }

    // Of a stranger's text: one line of visible characters.
    private static string? Text(JsonElement element, string name)
    {
        string? text = element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return string.IsNullOrWhiteSpace(text) ? null : string.Concat(text.Where(static c => !char.IsControl(c)).Take(LongestMessage));
    }
}
