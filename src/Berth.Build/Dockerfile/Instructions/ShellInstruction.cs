namespace Berth.Build.Dockerfile.Instructions;

/// <summary>SHELL: what reads the shell forms that follow.</summary>
public sealed record ShellInstruction(InstructionNode Node, IReadOnlyList<string> Shell) : Instruction(Node);
