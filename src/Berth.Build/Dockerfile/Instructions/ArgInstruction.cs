namespace Berth.Build.Dockerfile.Instructions;

/// <summary>ARG: names that a build may be given values for.</summary>
public sealed record ArgInstruction(InstructionNode Node, IReadOnlyList<ArgDefinition> Arguments) : Instruction(Node);
