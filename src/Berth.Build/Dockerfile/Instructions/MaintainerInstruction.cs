namespace Berth.Build.Dockerfile.Instructions;

/// <summary>MAINTAINER: the image's author; LABEL has taken its place.</summary>
public sealed record MaintainerInstruction(InstructionNode Node, string Maintainer) : Instruction(Node);
