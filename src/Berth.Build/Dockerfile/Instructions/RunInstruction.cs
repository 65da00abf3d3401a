namespace Berth.Build.Dockerfile.Instructions;

/// <summary>RUN: a command in a container. Mounts are as written; see <see cref="RunMount"/>.</summary>
public sealed record RunInstruction(InstructionNode Node, CommandLine Command, IReadOnlyList<string> MountTexts, RunNetwork Network, bool IsInsecure, IReadOnlyList<RunMount> Mounts) : Instruction(Node);
