namespace Berth.Build.Dockerfile;

/// <summary>The character that escapes others and continues lines: a backslash, or a backtick after "# escape=`".</summary>
public static class EscapeToken
{
    public const char Default = '\\';

    /// <summary>
    /// Cuts a continuation off a line (without its line end). The last character that is not blank continues the line unless the one before it is
    /// the same character: an escaped escape ends a line.
    /// </summary>
    internal static bool TryCutContinuation(string line, char escape, out string rest)
    {
        string trimmed = line.TrimEnd(' ', '\t');
        bool continues = trimmed.Length > 0 && trimmed[^1] == escape && (trimmed.Length == 1 || trimmed[^2] != escape);
        rest = continues ? trimmed[..^1] : line;
        return continues;
    }
}
