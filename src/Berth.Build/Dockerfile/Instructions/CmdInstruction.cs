namespace Berth.Build.Dockerfile.Instructions;

/// <summary>CMD: what a container runs by default.</summary>
public sealed record CmdInstruction(InstructionNode Node, CommandLine Command) : Instruction(Node);
