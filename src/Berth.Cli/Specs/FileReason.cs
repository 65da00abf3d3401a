namespace Berth.Cli.Specs;

/// <summary>Why a file could not be opened, in the kernel's words rather than .NET's sentence.</summary>
internal static class FileReason
{
    public static string Of(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException when e.InnerException is null && e.Message.Contains("directory", StringComparison.OrdinalIgnoreCase) => "is a directory",
        UnauthorizedAccessException => "permission denied",
        _ => e.Message,
    };
}
