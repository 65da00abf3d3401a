using Berth.Oci.Images;

namespace Berth.Build.Dockerfile.Instructions;

/// <summary>HEALTHCHECK: how to ask a container whether it is well. What is not given is null, which means Docker's default.</summary>
public sealed record HealthcheckInstruction(InstructionNode Node, Healthcheck Check) : Instruction(Node);
