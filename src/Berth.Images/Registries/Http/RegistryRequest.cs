using Berth.Images.Registries.Authorization;

namespace Berth.Images.Registries.Http;

/// <summary>One request to an endpoint, made anew for every attempt.</summary>
internal sealed record RegistryRequest(HttpMethod Method, Uri Address)
{
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>What it needs to be allowed.</summary>
    public IReadOnlyList<TokenScope> Scopes { get; init; } = [];

    /// <summary>The first byte wanted; null: no Range.</summary>
    public long? From { get; init; }

    /// <summary>The last byte wanted, itself included; null: to the end.</summary>
    public long? To { get; init; }

    /// <summary>Makes the body.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>It can be sent twice without harm.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Also tried again when no connection came about: there was one a moment ago.</summary>
    public bool RetriesConnecting { get; init; }
}
