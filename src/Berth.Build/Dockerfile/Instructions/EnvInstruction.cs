namespace Berth.Build.Dockerfile.Instructions;

/// <summary>ENV: variables of the image and of the steps that follow.</summary>
public sealed record EnvInstruction(InstructionNode Node, IReadOnlyList<KeyValue> Variables) : Instruction(Node);
