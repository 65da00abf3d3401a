namespace Berth.Linux.Seccomp;

/// <summary>Comparisons of an argument.</summary>
public enum SeccompOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    MaskedEqual,
}
