namespace Berth.Build.Dockerfile.Instructions;

/// <summary>One name of an ARG.</summary>
/// <param name="Default">null: none, which is not the same as empty.</param>
/// <param name="Description">From a comment "# NAME text" above.</param>
public sealed record ArgDefinition(string Name, string? Default, string? Description);
