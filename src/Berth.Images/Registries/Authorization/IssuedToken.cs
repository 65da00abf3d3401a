namespace Berth.Images.Registries.Authorization;

/// <summary>A token and how long it is to be used.</summary>
internal sealed record IssuedToken(string Token, DateTimeOffset Until, string? IdentityToken)
{
    public override string ToString() => "token";
}
