namespace Berth.Fuzz.Mutations;

/// <summary>What happens to bytes that know nothing of their meaning.</summary>
internal static class ByteMutation
{
    private static readonly byte[] Interesting = [0, 1, 0x20, 0x2E, 0x2F, 0x30, 0x37, 0x39, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>A few changes in place, cuts and repetitions.</summary>
    public static byte[] Of(byte[] bytes, Random random)
    {
        for (int i = random.Next(1, 5); i > 0 && bytes.Length > 0; i--)
        {
            int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 64), bytes.Length - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = Interesting[random.Next(Interesting.Length)]; break;
                case 2: random.NextBytes(bytes.AsSpan(at, length)); break;
                case 3: bytes = [.. bytes[..at], .. bytes[(at + length)..]]; break;
                case 4: bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]]; break;
                default: bytes = bytes[..at]; break;
            }
        }

        return bytes;
    }
}
