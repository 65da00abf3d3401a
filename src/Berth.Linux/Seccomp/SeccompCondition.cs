namespace Berth.Linux.Seccomp;

/// <summary>A comparison of one argument, unsigned and of 64 bits.</summary>
/// <param name="Index">0 to 5.</param>
/// <param name="Operator">How.</param>
/// <param name="Value">What with; the mask for <see cref="SeccompOperator.MaskedEqual"/>.</param>
/// <param name="Masked">What the masked argument must be.</param>
public readonly record struct SeccompCondition(int Index, SeccompOperator Operator, ulong Value, ulong Masked);
