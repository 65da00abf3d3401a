using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands;

/// <summary>Asks before something goes that does not come back.</summary>
internal static class Confirmation
{
    private const int Longest = 4096;

    /// <summary>Only "y" is a yes; the end of the input is a no.</summary>
    public static bool Ask(Invocation call, string warning)
    {
        call.Out.Write($"{warning}\nAre you sure you want to continue? [y/N] ");
        call.Out.Flush();
        return ReadLine(call.Session).Trim() is "y" or "Y";
    }

    // Byte by byte: the rest of the input answers the next question.
    private static string ReadLine(Session session)
    {
        var line = new System.Text.StringBuilder();
        byte[] one = new byte[1];
        while (line.Length < Longest && session.Read(one) > 0 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
