using System.Net;

using Berth.Images.Registries;
using Berth.Oci.References;
using Berth.Storage;

namespace Berth.Images.Push;

/// <summary>Registries' refusals in the words that Docker's users know: "denied: …", "unauthorized: …".</summary>
internal static class PushErrors
{
    public static EngineException Of(RegistryException failure, ImageReference name) => failure switch
    {
        // Not "unauthorized" to the client, for the reason that a pull has: stock clients would ask for a login.
        { Code: "DENIED" or "UNAUTHORIZED" } => new EngineException(EngineErrorKind.NotFound, failure.Told ?? failure.Message, failure),
        // Answers to HEAD have no body, and a push begins with one.
        { Status: HttpStatusCode.Unauthorized, IsWordless: true } =>
            new EngineException(EngineErrorKind.NotFound, $"unauthorized: authentication required: {Login(name)}", failure),
        { Status: HttpStatusCode.Forbidden, IsWordless: true } =>
            new EngineException(EngineErrorKind.NotFound, $"denied: requested access to the resource is denied: {Login(name)}", failure),
        { Status: HttpStatusCode.Unauthorized } => new EngineException(EngineErrorKind.NotFound, $"unauthorized: {failure.Told ?? failure.Message}", failure),
        { Status: HttpStatusCode.Forbidden } => new EngineException(EngineErrorKind.NotFound, $"denied: {failure.Told ?? failure.Message}", failure),
        _ => EngineException.Unavailable(failure.Message, failure),
    };

    private static string Login(ImageReference name) =>
        $"pushing to {name.FamiliarRepository} may require 'docker login{(name.Domain == "docker.io" ? "" : $" {name.Domain}")}'";
}
