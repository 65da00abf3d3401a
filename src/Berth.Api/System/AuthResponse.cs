namespace Berth.Api;

public sealed record AuthResponse
{
    public string? Status { get; init; }

    /// <summary>To be kept in place of the password; empty: there is none.</summary>
    public string? IdentityToken { get; init; }

    public override string ToString() => nameof(AuthResponse);
}
