namespace Berth.Build.Dockerfile.Instructions;

/// <summary>COPY: files from the context, a stage or an image.</summary>
/// <param name="From">Stage by name or number, named context or image; null: the context.</param>
/// <param name="Owner">Of --chown, "user[:group]".</param>
/// <param name="Mode">Of --chmod, octal or symbolic.</param>
/// <param name="IsLink">The files make a layer that does not depend on those below.</param>
/// <param name="KeepParents">Sources keep their folders.</param>
public sealed record CopyInstruction(
    InstructionNode Node, SourceSet Sources, string? From, string? Owner, string? Mode, bool IsLink, bool KeepParents, IReadOnlyList<string> Excludes)
    : Instruction(Node);
