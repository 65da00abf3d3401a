using System.Buffers.Binary;

namespace Berth.Network.Dns.Messages;

/// <summary>The OPT record of EDNS (RFC 6891): writes ours.</summary>
internal static class OptRecord
{
    /// <summary>The DO bit in the field that is a TTL elsewhere.</summary>
    public const uint WantsSignatures = 0x8000;

    /// <summary>What we take over UDP: no fragments on any usual path (DNS flag day 2020).</summary>
    public const ushort OurPayload = 1232;

    /// <summary>An OPT record without options.</summary>
    public const int Size = 11;

    /// <summary>An OPT record with an extended error.</summary>
    public const int SizeWithError = Size + 6;

    /// <param name="error">An extended error (RFC 8914): 0 none.</param>
    public static int Write(Span<byte> target, ResponseCode code, bool wantsSignatures, ushort error = 0)
    {
        const ushort ExtendedError = 15;
        target[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], RecordType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], OurPayload);
        BinaryPrimitives.WriteUInt32BigEndian(target[5..], ((uint)code >> 4 << 24) | (wantsSignatures ? WantsSignatures : 0));
        BinaryPrimitives.WriteUInt16BigEndian(target[9..], (ushort)(error == 0 ? 0 : 6));
        if (error == 0)
        {
            return Size;
        }

        BinaryPrimitives.WriteUInt16BigEndian(target[11..], ExtendedError);
        BinaryPrimitives.WriteUInt16BigEndian(target[13..], 2);
        BinaryPrimitives.WriteUInt16BigEndian(target[15..], error);
        return SizeWithError;
    }
}
