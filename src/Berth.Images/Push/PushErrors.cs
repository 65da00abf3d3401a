using System.Net;

using Berth.Images.Registries;
using Berth.Storage;

namespace Berth.Images.Push;

/// <summary>Registries' refusals in the words that Docker's users know: "denied: …", "unauthorized: …".</summary>
internal static class PushErrors
{
    public static EngineException Of(RegistryException failure) => failure switch
    {
        // Not "unauthorized" to the client, for the reason that a pull has: stock clients would ask for a login.
        { Code: "DENIED" or "UNAUTHORIZED" } => new EngineException(EngineErrorKind.NotFound, failure.Told ?? failure.Message, failure),
        { Status: HttpStatusCode.Unauthorized } => new EngineException(EngineErrorKind.NotFound, $"unauthorized: {failure.Told ?? failure.Message}", failure),
        { Status: HttpStatusCode.Forbidden } => new EngineException(EngineErrorKind.NotFound, $"denied: {failure.Told ?? failure.Message}", failure),
        _ => EngineException.Unavailable(failure.Message, failure),
    };
}
