namespace Berth.Build.Dockerfile.Words;

/// <summary>A word after expansion, and which variables it named: those that are set and those that are not.</summary>
public sealed record Expansion(string Text, IReadOnlySet<string> Matched, IReadOnlySet<string> Unmatched);
