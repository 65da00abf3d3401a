using System.Text;

namespace Berth.Linux.Files;

/// <summary>Zero-terminated UTF-8 for the kernel.</summary>
public static class CString
{
    /// <summary>The bytes of a string with a zero behind them. A zero inside is refused: the kernel would see another, shorter path.</summary>
    public static byte[] Of(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new LinuxException("path", text.Replace("\0", "\\0", StringComparison.Ordinal), Errno.EINVAL);
        }

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
