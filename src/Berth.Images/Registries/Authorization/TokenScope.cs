namespace Berth.Images.Registries.Authorization;

/// <summary>What a token allows (distribution: docs/spec/auth/scope.md).</summary>
internal readonly record struct TokenScope(string Text)
{
    public static readonly TokenScope Catalogue = new("registry:catalog:*");

    public static TokenScope Pull(string repository) => new($"repository:{repository}:pull");

    public static TokenScope Push(string repository) => new($"repository:{repository}:pull,push");

    public override string ToString() => Text;
}
