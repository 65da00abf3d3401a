namespace Berth.Build.Dockerfile.Instructions;

/// <summary>EXPOSE: words as written, sorted; after expansion "80/tcp" each.</summary>
public sealed record ExposeInstruction(InstructionNode Node, IReadOnlyList<string> Ports) : Instruction(Node);
