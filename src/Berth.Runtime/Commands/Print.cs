using System.Text;

using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Runtime.Commands;

/// <summary>Standard output and error without the console class, which would be a tenth of the program.</summary>
internal static class Print
{
    public static void Line(string text) => StandardStream.Output.WriteAll(Encoding.UTF8.GetBytes(text + "\n"));

    public static void Error(string text)
    {
        try
        {
            StandardStream.Error.WriteAll(Encoding.UTF8.GetBytes(text + "\n"));
        }
        catch (LinuxException)
        {
            // Closed, or a pipe nobody reads: there is nobody to tell.
        }
    }
}
