namespace Berth.Build.Dockerfile.Instructions;

/// <summary>ENTRYPOINT: what a container runs, before CMD or the arguments given.</summary>
public sealed record EntrypointInstruction(InstructionNode Node, CommandLine Command) : Instruction(Node);
