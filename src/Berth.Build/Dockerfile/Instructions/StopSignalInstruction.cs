namespace Berth.Build.Dockerfile.Instructions;

/// <summary>STOPSIGNAL: a name with or without SIG, or a number.</summary>
public sealed record StopSignalInstruction(InstructionNode Node, string Signal) : Instruction(Node);
