namespace Berth.Build.Dockerfile.Instructions;

/// <summary>VOLUME: folders that get a volume of their own.</summary>
public sealed record VolumeInstruction(InstructionNode Node, IReadOnlyList<string> Paths) : Instruction(Node);
