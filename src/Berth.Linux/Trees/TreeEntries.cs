using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Berth.Linux.Files;
using Berth.Linux.Interop;

namespace Berth.Linux.Trees;

/// <summary>The names in an open folder. getdents64(2).</summary>
internal static unsafe class TreeEntries
{
    /// <summary>All but "." and ".."; read whole before the first is answered, so the caller may change the folder meanwhile.</summary>
    /// <param name="folder">Opened for reading; its position is reset.</param>
    /// <param name="shown">What an error calls it.</param>
    public static List<(byte[] Name, bool MayBeFolder)> Of(FileDescriptor folder, string shown)
    {
        var entries = new List<(byte[], bool)>();
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(32768);
        try
        {
            Libc.lseek(folder.Number, 0, Libc.SEEK_SET);
            fixed (byte* start = buffer)
            {
                nint n;
                while ((n = Libc.getdents64(folder.Number, start, buffer.Length)) > 0)
                {
                    Read(buffer.AsSpan(0, (int)n), entries);
                }

                if (n < 0)
                {
                    throw new LinuxException("getdents64", shown, Marshal.GetLastPInvokeError());
                }
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        return entries;
    }

    // struct linux_dirent64: inode 8, offset 8, length 2, type 1, name.
    private static void Read(ReadOnlySpan<byte> records, List<(byte[] Name, bool MayBeFolder)> entries)
    {
        while (records.Length > 19)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[16..]);
            ReadOnlySpan<byte> name = records[19..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                entries.Add((name.ToArray(), records[18] is Libc.DT_DIR or Libc.DT_UNKNOWN));
            }

            records = records[length..];
        }
    }
}
