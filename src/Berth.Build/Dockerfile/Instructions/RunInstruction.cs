namespace Berth.Build.Dockerfile.Instructions;

/// <summary>RUN: a command in a container.</summary>
/// <param name="MountTexts">Each --mount as written.</param>
/// <param name="IsInsecure">--security=insecure: with all privileges.</param>
/// <param name="Mounts">All of them once the instruction is expanded; before that those without variables.</param>
public sealed record RunInstruction(
    InstructionNode Node, CommandLine Command, IReadOnlyList<string> MountTexts, RunNetwork Network, bool IsInsecure, IReadOnlyList<RunMount> Mounts)
    : Instruction(Node);
