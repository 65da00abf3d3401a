namespace Berth.Cli.Streams;

/// <summary>Takes what a terminal shows.</summary>
internal delegate void TerminalBytes(ReadOnlySpan<byte> bytes);

/// <summary>Which streams to carry and how.</summary>
/// <param name="Input">Our standard input goes to the container.</param>
/// <param name="Output">Its standard output is wanted.</param>
/// <param name="Error">Its standard error is wanted.</param>
/// <param name="Tty">It has a terminal: one stream without frames.</param>
/// <param name="DetachKeys">The sequence that leaves it; watched for on a terminal alone.</param>
/// <param name="OnTerminal">Shows the terminal's bytes.</param>
internal sealed record PumpOptions(bool Input, bool Output, bool Error, bool Tty, byte[] DetachKeys, TerminalBytes OnTerminal);
