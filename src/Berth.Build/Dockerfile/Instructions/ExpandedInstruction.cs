namespace Berth.Build.Dockerfile.Instructions;

/// <summary>An instruction with its variables replaced, and those it names that are not set.</summary>
public sealed record ExpandedInstruction(Instruction Instruction, IReadOnlySet<string> Unmatched);
