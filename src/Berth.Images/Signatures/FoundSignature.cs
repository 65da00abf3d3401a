using Berth.Oci.Digests;
using Berth.Oci.References;

namespace Berth.Images.Signatures;

/// <summary>A signature as a registry has it: not trusted in any part.</summary>
/// <param name="Where">The tag or referrer it was found in, for errors.</param>
/// <param name="Payload">What was signed.</param>
/// <param name="Signature">The base64 of an annotation; null: there is none.</param>
internal sealed record FoundSignature(string Where, byte[] Payload, string? Signature)
{
    /// <summary>Why it cannot be used at all; null: it may be.</summary>
    public string? Problem { get; init; }

    /// <summary>Why it does not meet a requirement; null: it does.</summary>
    /// <param name="requirement">Whose signature, for which name.</param>
    /// <param name="documents">The manifest and the indexes that led to it: each names the next by its digest, so a signature for any of them covers the manifest.</param>
    /// <param name="asked">What was asked for.</param>
    public string? Refusal(PolicyRequirement requirement, IReadOnlyList<Digest> documents, ImageReference asked)
    {
        if (Problem is not null)
        {
            return $"{Where}: {Problem}";
        }

        byte[] signature = new byte[Signature?.Length ?? 0];
        if (Signature is null || !Convert.TryFromBase64String(Signature, signature, out int length))
        {
            return $"{Where}: it has no signature, or one that is no base64";
        }

        if (!requirement.Keys.Any(k => k.Verifies(Payload, signature.AsSpan(0, length))))
        {
            return $"{Where}: it was not made with the key, or its payload was changed";
        }

        try
        {
            var stated = SignaturePayload.Parse(Payload);
            return !documents.Contains(stated.Manifest) ? $"{Where}: it was made for another image, {stated.Manifest}"
                : requirement.Identity.Accepts(asked, stated.Name) ? null
                : $"{Where}: it was made for the name {stated.Name}, where {requirement.Identity.Wanted(asked)} is demanded{Hint(stated, asked)}";
        }
        catch (FormatException e)
        {
            return $"{Where}: {e.Message}";
        }
    }

    private static string Hint(SignaturePayload stated, ImageReference asked) =>
        stated.Name is { Tag: null, Digest: null } && stated.Name.Repository == asked.Repository ? " (cosign signs the bare repository: \"signedIdentity\": {\"type\": \"matchRepository\"} accepts that)" : "";
}
