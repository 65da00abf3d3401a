namespace Berth.Build.Dockerfile.Instructions;

/// <summary>An instruction with its meaning checked. Values are as written until <see cref="InstructionExpansion"/> replaces variables.</summary>
public abstract record Instruction(InstructionNode Node)
{
    /// <summary>In upper case.</summary>
    public string Name => Node.Keyword.ToUpperInvariant();

    public LineRange Lines => Node.Lines;

    /// <summary>As written, in one line.</summary>
    public sealed override string ToString() => Node.Original.Trim();
}
