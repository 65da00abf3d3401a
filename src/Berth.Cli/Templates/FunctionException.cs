namespace Berth.Cli.Templates;

/// <summary>A function of a template failed.</summary>
/// <param name="message">Go's text.</param>
/// <param name="isCallersFault">It was called wrongly (number or kinds of arguments), rather than failing on good ones.</param>
internal sealed class FunctionException(string message, bool isCallersFault = false) : Exception(message)
{
    public bool IsCallersFault { get; } = isCallersFault;
}
