using System.Net;

using Berth.Images.Registries;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Pull;

/// <summary>Registries' refusals in the words that Docker's users know.</summary>
internal static class PullErrors
{
    public static EngineException Of(RegistryException failure, ImageReference name)
    {
        string told = failure.Told ?? failure.Message;
        return failure switch
        {
            // Not "unauthorized" to the client, as by dockerd: stock clients would ask for a login in the middle of a pull, or wait for an answer for ever.
            { Code: "DENIED" } or { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => new EngineException(EngineErrorKind.NotFound, Denied(name, told), failure),
            { Code: "NAME_UNKNOWN" } => new EngineException(EngineErrorKind.NotFound, $"repository {name.FamiliarRepository} not found: {told}", failure),
            { Code: "MANIFEST_UNKNOWN" } or { Status: HttpStatusCode.NotFound, Code: null } => new EngineException(EngineErrorKind.NotFound, $"manifest for {name.Familiar} not found: {told}", failure),
            _ => EngineException.Unavailable(failure.Message, failure),
        };
    }

    private static string Denied(ImageReference name, string told) =>
        $"pull access denied for {name.FamiliarRepository}, repository does not exist or may require 'docker login': {told}";
}
