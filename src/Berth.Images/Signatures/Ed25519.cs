using System.Numerics;
using System.Security.Cryptography;

namespace Berth.Images.Signatures;

/// <summary>
/// Verifies Ed25519 signatures (RFC 8032, section 5.1.7), which the base library does not have. All that goes in is public, so time may depend on it.
/// </summary>
internal static class Ed25519
{
    /// <summary>Bytes of a public key.</summary>
    public const int KeyLength = 32;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Reduce(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (Prime - 1) / 4, Prime);
    private static readonly Point Base = Recover(Reduce(4 * Inverse(5)), isOdd: false)!.Value;

    public static bool Verifies(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (key.Length != KeyLength || signature.Length != 64 || Decode(key) is not { } owner || Decode(signature[..32]) is not { } r)
        {
            return false;
        }

        var s = new BigInteger(signature[32..], isUnsigned: true);
        if (s >= Order)
        {
            return false;
        }

        byte[] hashed = SHA512.HashData([.. signature[..32], .. key, .. data]);
        BigInteger h = new BigInteger(hashed, isUnsigned: true) % Order;
        return Same(Multiply(Base, s), Add(r, Multiply(owner, h)));
    }

    private static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> y = stackalloc byte[32];
        bytes.CopyTo(y);
        bool isOdd = (y[31] & 0x80) != 0;
        y[31] &= 0x7F;
        return Recover(new BigInteger(y, isUnsigned: true), isOdd);
    }

    // Section 5.1.3.
    private static Point? Recover(BigInteger y, bool isOdd)
    {
        if (y >= Prime)
        {
            return null;
        }

        BigInteger square = Reduce(((y * y) - 1) * Inverse((D * y * y) + 1));
        BigInteger x = BigInteger.ModPow(square, (Prime + 3) / 8, Prime);
        x = Reduce((x * x) - square).IsZero ? x : Reduce(x * RootOfMinusOne);
        if (!Reduce((x * x) - square).IsZero || (x.IsZero && isOdd))
        {
            return null;
        }

        x = x.IsEven == isOdd ? Prime - x : x;
        return new Point(x, y, 1, Reduce(x * y));
    }

    // Section 5.1.4.
    private static Point Add(Point p, Point q)
    {
        BigInteger a = Reduce((p.Y - p.X) * (q.Y - q.X)), b = Reduce((p.Y + p.X) * (q.Y + q.X)), c = Reduce(2 * p.T * q.T * D), d = Reduce(2 * p.Z * q.Z);
        BigInteger e = b - a, f = d - c, g = d + c, h = b + a;
        return new Point(Reduce(e * f), Reduce(g * h), Reduce(f * g), Reduce(e * h));
    }

    private static Point Multiply(Point p, BigInteger times)
    {
        var sum = new Point(0, 1, 1, 0);
        for (; !times.IsZero; times >>= 1)
        {
            sum = times.IsEven ? sum : Add(sum, p);
            p = Add(p, p);
        }

        return sum;
    }

    private static bool Same(Point p, Point q) => Reduce((p.X * q.Z) - (q.X * p.Z)).IsZero && Reduce((p.Y * q.Z) - (q.Y * p.Z)).IsZero;

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Reduce(value), Prime - 2, Prime);

    private static BigInteger Reduce(BigInteger value) => value % Prime is { Sign: >= 0 } rest ? rest : (value % Prime) + Prime;

    // Extended homogeneous coordinates: x = X/Z, y = Y/Z, xy = T/Z.
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
