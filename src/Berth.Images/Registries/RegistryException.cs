using System.Net;

namespace Berth.Images.Registries;

/// <summary>A registry refused, or could not be asked. The message is fit for users: it holds no secret and no query of an address.</summary>
internal sealed class RegistryException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Null: there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The registry's own word for it (distribution specification, "Error Codes"): "MANIFEST_UNKNOWN". Null: it gave none.</summary>
    public string? Code { get; init; }

    /// <summary>The registry's own message with its code in front, as Docker prints both: "manifest unknown: manifest unknown".</summary>
    public string? Told { get; init; }

    /// <summary>No connection came about: an insecure registry may speak plain HTTP.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>The same may succeed in a while.</summary>
    public bool IsPassing { get; init; }

    /// <summary>How long the registry wants to be left alone; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The answer had no words of its own: <see cref="Told"/> is only its status.</summary>
    public bool IsWordless { get; init; }

    /// <summary>The answer is not what was asked for: damaged or hostile. Asking the same server again will not help.</summary>
    public bool IsDamaged { get; init; }
}
