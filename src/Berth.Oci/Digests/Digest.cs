using System.Diagnostics.CodeAnalysis;

namespace Berth.Oci.Digests;

/// <summary>The SHA-256 of some bytes, printed "sha256:HEX" (OCI image specification, descriptor.md, "Digests").</summary>
public readonly record struct Digest : IComparable<Digest>
{
    private const string Prefix = "sha256:";

    private readonly string? _hex;

    private Digest(string hex) => _hex = hex;

    /// <summary>The 64 lower-case hexadecimal digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("an empty digest");

    /// <summary>The first 12 digits, as people see ids.</summary>
    public string Short => Hex[..12];

    public static Digest Of(ReadOnlySpan<byte> bytes) => FromHash(System.Security.Cryptography.SHA256.HashData(bytes));

    /// <summary>From the 32 bytes of a finished hash.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) =>
        hash.Length == 32 ? new(Convert.ToHexStringLower(hash)) : throw new ArgumentException("a SHA-256 has 32 bytes", nameof(hash));

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && TryFromHex(text[Prefix.Length..], out digest);
    }

    /// <summary>From 64 lower-case digits without the prefix.</summary>
    public static bool TryFromHex(string hex, out Digest digest)
    {
        bool good = hex.Length == 64 && !hex.AsSpan().ContainsAnyExcept("0123456789abcdef");
        digest = good ? new Digest(hex) : default;
        return good;
    }

    /// <exception cref="FormatException">Not "sha256:" and 64 lower-case hexadecimal digits.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out Digest digest) ? digest : throw new FormatException($"\"{text}\" is not a digest: sha256: and 64 hexadecimal digits are wanted");

    public int CompareTo(Digest other) => string.CompareOrdinal(_hex, other._hex);

    public override string ToString() => Prefix + Hex;
}
