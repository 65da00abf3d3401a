using System.Diagnostics.CodeAnalysis;

using Berth.Oci.Digests;

namespace Berth.Oci.References;

/// <summary>The grammar of references, one function a rule (distribution/reference, reference.go: the comment on top).</summary>
internal static class ReferenceGrammar
{
    private const int LongestPath = 255;
    private const int LongestTag = 128;
    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int ShortestHex = 32;
    private const string InvalidFormat = "invalid reference format";
    private const string AnyHex = "0123456789abcdefABCDEF";
    private const string Alphanumeric = Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly char[] AlgorithmSeparators = ['+', '.', '-', '_'];

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? why)
    {
        reference = null;
        why = null;
        if (Digest.TryFromHex(text, out _))
        {
            why = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return false;
        }

        string rest = text;
        Digest? digest = null;
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            if (!TryDigest(rest[(at + 1)..], out Digest parsed, out why))
            {
                return false;
            }

            digest = parsed;
            rest = rest[..at];
        }

        (string domain, string remainder) = SplitDomain(rest);
        string path = remainder;
        string? tag = null;
        int colon = remainder.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            (path, tag) = (remainder[..colon], remainder[(colon + 1)..]);
        }

        // Also letters that the grammar does not know: this is asked before anything else (normalize.go, ParseNormalizedNamed).
        if (path.Any(char.IsUpper))
        {
            why = $"invalid reference format: repository name ({path}) must be lowercase";
            return false;
        }

        if (!IsDomain(domain) || !IsPath(path) || (tag is not null && !IsTag(tag)))
        {
            why = InvalidFormat;
            return false;
        }

        if (path.Length > LongestPath)
        {
            why = $"repository name must not be more than {LongestPath} characters";
            return false;
        }

        reference = new ImageReference(domain, path, tag, digest);
        return true;
    }

    // By the grammar first, then by what the algorithm wants: a digest of another algorithm is one, but names nothing that could be here.
    private static bool TryDigest(string text, out Digest digest, [NotNullWhen(false)] out string? why)
    {
        why = null;
        if (Digest.TryParse(text, out digest))
        {
            return true;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string algorithm = colon < 0 ? "" : text[..colon];
        ReadOnlySpan<char> hex = text.AsSpan(colon + 1);
        why = !IsAlgorithm(algorithm) || hex.Length < ShortestHex || hex.ContainsAnyExcept(AnyHex) ? InvalidFormat
            : algorithm != "sha256" ? "unsupported digest algorithm"
            : hex.Length != 64 ? "invalid checksum digest length"
            : "invalid checksum digest format";
        return false;
    }

    // Components that begin with a letter, one of "+.-_" between them.
    private static bool IsAlgorithm(string algorithm) =>
        algorithm.Split(AlgorithmSeparators).All(c => c.Length > 0 && char.IsAsciiLetter(c[0]) && !c.AsSpan().ContainsAnyExcept(Alphanumeric));

    // What stands before the first slash is a domain only if it cannot be part of a path on Docker Hub.
    private static (string Domain, string Remainder) SplitDomain(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : name[..slash];
        bool isDomain = slash >= 0 && (first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsUpper));
        (string domain, string remainder) = isDomain ? (first, name[(slash + 1)..]) : (ImageReference.DefaultDomain, name);
        if (domain == "index.docker.io")
        {
            domain = ImageReference.DefaultDomain;
        }

        return domain == ImageReference.DefaultDomain && !remainder.Contains('/', StringComparison.Ordinal)
            ? (domain, "library/" + remainder)
            : (domain, remainder);
    }

    /// <summary>Whether a path of Docker Hub, read by itself, would be taken for something else: a host of another registry, or an id.</summary>
    internal static bool IsAmbiguous(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> first = slash < 0 ? "" : path.AsSpan(0, slash);
        return first.Contains('.') || first.SequenceEqual("localhost") || (slash < 0 && Digest.TryFromHex(path, out _));
    }

    internal static bool IsDomain(string domain)
    {
        string host = domain;
        int colon = domain.LastIndexOf(':');
        if (colon > domain.LastIndexOf(']'))
        {
            if (colon == domain.Length - 1 || domain.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            host = domain[..colon];
        }

        if (host.StartsWith('['))
        {
            return host.Length > 2 && host[^1] == ']' && !host.AsSpan(1, host.Length - 2).ContainsAnyExcept(AnyHex + ":");
        }

        return host.Split('.').All(IsDomainComponent);
    }

    private static bool IsDomainComponent(string part) =>
        part.Length > 0 && part[0] != '-' && part[^1] != '-' && !part.AsSpan().ContainsAnyExcept(Alphanumeric + "-");

    internal static bool IsPath(string path) => path.Split('/').All(IsPathComponent);

    // Runs of lower-case letters and digits, with ".", "_", "__" or any number of "-" between them.
    private static bool IsPathComponent(string part)
    {
        ReadOnlySpan<char> rest = part;
        while (true)
        {
            int run = rest.IndexOfAnyExcept(Lower);
            if (run < 0)
            {
                return !rest.IsEmpty;
            }

            if (run == 0)
            {
                return false;
            }

            rest = rest[run..];
            int separators = rest.IndexOfAny(Lower);
            if (separators < 0)
            {
                return false;
            }

            ReadOnlySpan<char> between = rest[..separators];
            if (between is not ("." or "_" or "__") && between.ContainsAnyExcept('-'))
            {
                return false;
            }

            rest = rest[separators..];
        }
    }

    internal static bool IsTag(string tag) =>
        tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-') && !tag.AsSpan().ContainsAnyExcept(Alphanumeric + "_.-");
}
