namespace Berth.Build.Dockerfile.Instructions;

/// <summary>FROM: begins a stage.</summary>
/// <param name="Base">An image, the name of a stage above, or "scratch"; may have variables.</param>
/// <param name="StageName">In lower case; null without one.</param>
/// <param name="Platform">Of --platform; may have variables.</param>
/// <param name="Description">From a comment "# NAME text" above.</param>
public sealed record FromInstruction(InstructionNode Node, string Base, string? StageName, string? Platform, string? Description) : Instruction(Node);
