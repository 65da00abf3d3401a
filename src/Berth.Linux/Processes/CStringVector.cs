using System.Runtime.InteropServices;

using Berth.Linux.Files;

namespace Berth.Linux.Processes;

/// <summary>A null-terminated vector of C strings in one unmanaged block, as execve(2) takes it.</summary>
public sealed unsafe class CStringVector : IDisposable
{
    private void* _block;

    public CStringVector(IReadOnlyList<string> strings)
    {
        byte[][] encoded = [.. strings.Select(CString.Of)];
        nuint pointers = (nuint)((strings.Count + 1) * sizeof(byte*));
        _block = NativeMemory.AllocZeroed(pointers + (nuint)encoded.Sum(e => e.Length));
        byte* text = (byte*)_block + pointers;
        for (int i = 0; i < encoded.Length; i++)
        {
            Pointer[i] = text;
            encoded[i].CopyTo(new Span<byte>(text, encoded[i].Length));
            text += encoded[i].Length;
        }
    }

    /// <summary>Valid until this is disposed.</summary>
    public byte** Pointer => (byte**)_block;

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
