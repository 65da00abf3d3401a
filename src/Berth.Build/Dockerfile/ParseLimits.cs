namespace Berth.Build.Dockerfile;

/// <summary>The sizes past which a Dockerfile is refused rather than worked on.</summary>
public static class ParseLimits
{
    /// <summary>Bytes of a Dockerfile.</summary>
    public const int FileSize = 4 * 1024 * 1024;

    /// <summary>Characters of a line: BuildKit's own limit (bufio.MaxScanTokenSize - 1).</summary>
    public const int LineLength = 65535;

    /// <summary>Characters of an instruction once its continuation lines are joined.</summary>
    public const int InstructionLength = 1024 * 1024;

    public const int Instructions = 10_000;

    public const int HeredocsOfInstruction = 100;

    /// <summary>Depth of ${a:-${b:-...}}.</summary>
    public const int ExpansionDepth = 64;

    /// <summary>Characters that one expansion may give: ENV A=$A$A doubles with each line.</summary>
    public const int ExpansionLength = 1024 * 1024;

    /// <summary>Characters that all expansions of one file may give together: a large variable named by many instructions.</summary>
    public const int TotalExpansion = 64 * 1024 * 1024;

    /// <summary>Characters of all variables of a step together: more than the kernel passes to a program (execve(2), "Limits on size").</summary>
    public const int VariablesLength = 4 * 1024 * 1024;

    /// <summary>Steps that the patterns of one file may take together: each match costs text × pattern.</summary>
    public const int PatternSteps = 50_000_000;
}
