namespace Berth.Build.Dockerfile.Instructions;

/// <summary>WORKDIR: the working directory, made where it is missing; relative to the one before.</summary>
public sealed record WorkdirInstruction(InstructionNode Node, string Path) : Instruction(Node);
