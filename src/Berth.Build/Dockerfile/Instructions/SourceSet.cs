namespace Berth.Build.Dockerfile.Instructions;

/// <summary>What COPY and ADD take and where it goes.</summary>
/// <param name="Paths">Paths, patterns; for ADD also URLs and git repositories.</param>
/// <param name="Files">Files whose content stands in the Dockerfile, in the order of their words.</param>
public sealed record SourceSet(IReadOnlyList<string> Paths, IReadOnlyList<InlineFile> Files, string Destination);
