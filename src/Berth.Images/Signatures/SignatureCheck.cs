using Berth.Images.Pull;
using Berth.Images.Registries;
using Berth.Oci.Digests;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Signatures;

/// <summary>Refuses images that a policy does not allow, before anything of them is kept.</summary>
/// <param name="policy">Null: everything is allowed.</param>
internal sealed class SignatureCheck(SignaturePolicy? policy)
{
    private const int MostReasons = 3;

    /// <summary>Before a registry is asked: the policy may refuse it whoever signed it.</summary>
    /// <exception cref="EngineException">Forbidden.</exception>
    public void CheckName(ImageReference name)
    {
        if (policy?.For(name) is { Rejects: true } scope)
        {
            throw Refused(name, scope, "it rejects all that comes from there");
        }
    }

    /// <summary>Once it is known what the name means.</summary>
    /// <exception cref="EngineException">Forbidden: no signature meets the policy.</exception>
    /// <exception cref="RegistryException">The registry cannot be asked.</exception>
    public async Task CheckAsync(RegistryClient client, ImageReference name, ResolvedImage image, CancellationToken cancel)
    {
        if (policy?.For(name) is not { Signed: { Count: > 0 } demanded } scope)
        {
            return;
        }

        List<Digest> documents = [.. image.Documents.Select(static d => Digest.Parse(d.Descriptor.Digest))];
        ImageReference asked = name.Digest is null ? name.WithDefaultTag() : name with { Tag = null };
        var missing = new HashSet<PolicyRequirement>(demanded, ReferenceEqualityComparer.Instance);
        var reasons = new List<string>();
        int count = 0;
        await foreach (FoundSignature found in FindAsync(client, name.Path, documents, cancel).Take(SignatureSearch.Most))
        {
            count++;
            foreach (PolicyRequirement requirement in missing.ToList())
            {
                if (found.Refusal(requirement, documents, asked) is not { } reason)
                {
                    missing.Remove(requirement);
                }
                else if (reasons.Count < MostReasons)
                {
                    reasons.Add(reason);
                }
            }

            if (missing.Count == 0)
            {
                return;
            }
        }

        throw Refused(name, scope, Why(missing.First(), documents, reasons, count));
    }

    private static async IAsyncEnumerable<FoundSignature> FindAsync(
        RegistryClient client, string repository, IReadOnlyList<Digest> documents, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var search = new SignatureSearch(client, repository);
        foreach (Digest document in documents)
        {
            await foreach (FoundSignature found in search.OfAsync(document, cancel))
            {
                yield return found;
            }
        }
    }

    private static string Why(PolicyRequirement missing, IReadOnlyList<Digest> documents, IReadOnlyList<string> reasons, int count)
    {
        string demands = $"it demands a signature by {string.Join(" or ", missing.Keys.Select(static k => k.Shown))}";
        return count == 0 ? $"{demands}, and {string.Join(" and ", documents)} {(documents.Count == 1 ? "has" : "have")} none: no tag sha256-….sig, and nothing that refers to it"
            : $"{demands}, and none of the {(count == SignatureSearch.Most ? $"first {count}" : count)} found is one: {string.Join("; ", reasons.Distinct())}{(count > reasons.Count ? "; …" : "")}";
    }

    private EngineException Refused(ImageReference name, PolicyScope scope, string why) =>
        new(EngineErrorKind.Forbidden, $"{name.Familiar} refused by the signature policy {policy!.Path} ({scope.Shown}): {why}");
}
