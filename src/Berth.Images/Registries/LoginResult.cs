namespace Berth.Images.Registries;

/// <summary>A login that was good.</summary>
/// <param name="IdentityToken">To be kept in place of the password; null: the registry gives none.</param>
public sealed record LoginResult(string? IdentityToken)
{
    public override string ToString() => "login";
}
