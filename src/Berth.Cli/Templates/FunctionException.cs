namespace Berth.Cli.Templates;

/// <summary>A function of a template failed, or was called wrongly. The message is Go's.</summary>
internal sealed class FunctionException(string message, FunctionFault kind = FunctionFault.Function) : Exception(message)
{
    public FunctionFault Kind { get; } = kind;

    /// <summary>Which argument is of the wrong kind, counted from 0; null: it is not about one.</summary>
    public int? Argument { get; init; }

    /// <summary>The kind that argument should be of.</summary>
    public string Wanted { get; init; } = "";
}
