using Berth.Cli.Specs;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Containers;

/// <summary>What the commands that attach share.</summary>
internal static class Standard
{
    /// <summary>"-t" with input asks for a terminal on our side too: otherwise the answer to a half-typed line would be anyone's guess.</summary>
    public static void RequireTerminal(bool needed)
    {
        if (needed && !Terminal.Is(0))
        {
            throw new CliException("the input device is not a TTY");
        }
    }

    /// <summary>The keys that leave a container.</summary>
    public static byte[] DetachKeys(string text)
    {
        try
        {
            return Streams.DetachKeys.Parse(text);
        }
        catch (SpecException e)
        {
            throw new CliException(e.Message);
        }
    }

    /// <summary>At once: a terminal's echo must not wait in a buffer.</summary>
    public static void Show(Output output, ReadOnlySpan<byte> bytes)
    {
        output.Bytes(bytes);
        output.Flush();
    }
}
