namespace Berth.Build.Dockerfile.Instructions;

/// <summary>LABEL: labels of the image.</summary>
public sealed record LabelInstruction(InstructionNode Node, IReadOnlyList<KeyValue> Labels) : Instruction(Node);
