namespace Berth.Build.Dockerfile.Instructions;

/// <summary>USER: user[:group] of the steps that follow and of the container.</summary>
public sealed record UserInstruction(InstructionNode Node, string User) : Instruction(Node);
