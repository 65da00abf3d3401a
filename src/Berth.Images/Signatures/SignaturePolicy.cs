using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Signatures;

/// <summary>
/// Which images may come in, and signed by whom: containers-policy.json(5), as podman, skopeo and CRI-O read it. Of the scopes that fit an image only
/// the most specific one counts.
/// </summary>
public sealed class SignaturePolicy
{
    /// <summary>Where it is looked for without an option.</summary>
    public const string DefaultPath = "/etc/berth/policy.json";

    private readonly string _path;
    private readonly PolicyScope _default;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, PolicyScope>> _transports;

    internal SignaturePolicy(string path, PolicyScope byDefault, IReadOnlyDictionary<string, IReadOnlyDictionary<string, PolicyScope>> transports) =>
        (_path, _default, _transports) = (path, byDefault, transports);

    /// <summary>The file, for errors.</summary>
    public string Path => _path;

    /// <summary>Reads the file that was named, else the default one where it exists; null: there is no policy, and any image may come.</summary>
    /// <param name="named">Null: none was.</param>
    /// <exception cref="EngineException">Invalid: it cannot be read, or demands what is not supported.</exception>
    public static SignaturePolicy? Read(string? named) => named is not null || File.Exists(DefaultPath) ? SignaturePolicyFile.Read(named ?? DefaultPath) : null;

    /// <summary>What decides on an image of a registry (containers-policy.json(5), "docker:").</summary>
    internal PolicyScope For(ImageReference name)
    {
        ImageReference one = name.Digest is null ? name.WithDefaultTag() : name with { Tag = null };
        if (_transports.TryGetValue("docker", out IReadOnlyDictionary<string, PolicyScope>? scopes))
        {
            foreach (string scope in Scopes(one))
            {
                if (scopes.TryGetValue(scope, out PolicyScope? found))
                {
                    return found;
                }
            }
        }

        return _default;
    }

    /// <summary>Refuses an archive unless images without signatures may come this way: archives carry none.</summary>
    /// <param name="transport">"docker-archive", "oci-archive" or "tarball".</param>
    /// <exception cref="EngineException">Forbidden.</exception>
    internal void CheckArchive(string transport)
    {
        PolicyScope scope = _transports.TryGetValue(transport, out IReadOnlyDictionary<string, PolicyScope>? scopes) && scopes.TryGetValue("", out PolicyScope? found) ? found : _default;
        if (scope.Requirements.Any(static r => r.Kind != PolicyRequirementKind.AcceptAnything))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden,
                $"refused by the signature policy {_path} ({scope.Shown}): an archive carries no signatures; to allow archives, give the transport {transport} the requirement insecureAcceptAnything there");
        }
    }

    // From the most specific on: the name, its repository, the folders above, the host; then its domains; then all.
    private static IEnumerable<string> Scopes(ImageReference name)
    {
        yield return name.ToString();
        string scope = name.Repository;
        for (int slash; ; scope = scope[..slash])
        {
            yield return scope;
            slash = scope.LastIndexOf('/');
            if (slash < 0)
            {
                break;
            }
        }

        string host = scope.Split(':')[0];
        for (int dot; (dot = host.IndexOf('.', StringComparison.Ordinal)) >= 0;)
        {
            host = host[(dot + 1)..];
            yield return $"*.{host}";
        }

        yield return "";
    }
}
