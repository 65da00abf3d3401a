using System.Text;

namespace Berth.Build.Ignore;

/// <summary>A part of an ignore pattern.</summary>
/// <param name="Ranges">The character of a literal, the ranges of a class.</param>
internal sealed record IgnoreToken(IgnoreTokenKind Kind, IReadOnlyList<(int First, int Last)> Ranges, bool IsNegated = false)
{
    public static IgnoreToken Of(IgnoreTokenKind kind) => new(kind, []);

    public static IgnoreToken Literal(int rune) => new(IgnoreTokenKind.Literal, [(rune, rune)]);

    /// <summary>Whether it can take a character (as one of many, where it repeats).</summary>
    public bool Takes(Rune rune) => Kind switch
    {
        IgnoreTokenKind.Literal or IgnoreTokenKind.Class => Ranges.Any(r => rune.Value >= r.First && rune.Value <= r.Last) != IsNegated,
        IgnoreTokenKind.One or IgnoreTokenKind.Name => rune.Value != '/',
        _ => true,
    };
}
