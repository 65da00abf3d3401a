namespace Berth.Build.Dockerfile.Instructions;

/// <summary>A file given as a here-document.</summary>
/// <param name="Expand">Variables in it are replaced.</param>
public sealed record InlineFile(string Name, string Content, bool Expand);
