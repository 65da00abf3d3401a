using System.Runtime.InteropServices;

namespace Berth.Runtime.Init;

/// <summary>One system call as the loop reads it. Written by SealedPlan, blittable, 72 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InitStep
{
    public int Number;

    /// <summary>Bit n: argument n is the number of a slot, not the value itself.</summary>
    public byte SlotMask;

    /// <summary>The slot that takes the result, or -1.</summary>
    public short Result;

    /// <summary>How many calls to leave out after a tolerated errno.</summary>
    public short Skip;

    /// <summary>How many calls to leave out after success.</summary>
    public short Leap;

    /// <summary>Bit n: errno n is no failure.</summary>
    public ulong Tolerated;

    public fixed long Args[6];
}
