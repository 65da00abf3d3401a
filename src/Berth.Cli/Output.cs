using System.Buffers;
using System.Text;

using Berth.Linux.Files;
using Berth.Linux.Terminals;

namespace Berth.Cli;

/// <summary>Text to one of the standard streams. System.Console is not used: it reads the terminal's description first.</summary>
/// <param name="write">Takes the bytes.</param>
/// <param name="buffered">Kept until 8 KiB are there or <see cref="Flush"/>.</param>
/// <param name="terminal">The descriptor of the terminal behind it; -1: none.</param>
internal sealed class Output(Action<ReadOnlyMemory<byte>> write, bool buffered, int terminal)
{
    private const int Enough = 8192;
    private readonly ArrayBufferWriter<byte> pending = new(256);

    /// <summary>People watch: colours and progress are for them alone.</summary>
    public bool IsTerminal => terminal >= 0;

    public TerminalSize? Size => terminal >= 0 ? Terminal.Size(terminal) : null;

    public static Output ToStandard(StandardStream stream, bool buffered) =>
        new(bytes => stream.WriteAll(bytes.Span), buffered, Terminal.Is(stream.Number) ? stream.Number : -1);

    public void Write(string text)
    {
        Encoding.UTF8.GetBytes(text, pending);
        if (!buffered || pending.WrittenCount >= Enough)
        {
            Flush();
        }
    }

    public void Line(string text) => Write(text + "\n");

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        pending.Write(bytes);
        if (!buffered || pending.WrittenCount >= Enough)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (pending.WrittenCount > 0)
        {
            write(pending.WrittenMemory);
            pending.ResetWrittenCount();
        }
    }
}
