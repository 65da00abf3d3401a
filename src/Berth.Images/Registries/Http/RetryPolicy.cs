using System.Net;

namespace Berth.Images.Registries.Http;

/// <summary>How often and when a request that failed is tried again: each pause twice the last one, with chance in it, or what the server asks for.</summary>
public sealed record RetryPolicy
{
    /// <summary>Attempts in all; between two of them a download must have come further, or they count.</summary>
    public int Attempts { get; init; } = 6;

    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where a server asks for more than this, there is no other attempt: nobody waits for hours without a word.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without an answer's head, or without a byte of its body, for so long: the connection counts as broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the same request may be answered otherwise in a while.</summary>
    internal static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>The pause before another attempt; null: there is none.</summary>
    /// <param name="failed">Attempts that failed so far, at least one.</param>
    /// <param name="retryAfter">What the server asked for.</param>
    /// <param name="chance">0 to 1: spreads the clients that failed together.</param>
    internal TimeSpan? Pause(int failed, TimeSpan? retryAfter, double chance)
    {
        if (failed >= Attempts || retryAfter > LongestRetryAfter)
        {
            return null;
        }

        double whole = Math.Min(First.TotalMilliseconds * Math.Pow(2, failed - 1), Longest.TotalMilliseconds);
        TimeSpan own = TimeSpan.FromMilliseconds((whole / 2) + (whole / 2 * chance));
        return retryAfter > own ? retryAfter : own;
    }
}
