namespace Berth.Build.Dockerfile.Instructions;

/// <summary>ONBUILD: an instruction, as text, for builds that take the image as their base.</summary>
public sealed record OnbuildInstruction(InstructionNode Node, string Expression) : Instruction(Node);
