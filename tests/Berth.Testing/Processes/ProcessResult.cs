namespace Berth.Testing.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">128 + signal where a signal ended it.</param>
/// <param name="Out">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ProcessResult(int ExitCode, string Out, string Error)
{
    /// <summary>The output without its last newline, of a program that must succeed.</summary>
    public string Text => ExitCode == 0 ? Out.TrimEnd('\n') : throw new InvalidOperationException(ToString());

    public override string ToString() => $"exit {ExitCode}\nstdout: {Out}\nstderr: {Error}";
}
