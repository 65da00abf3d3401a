namespace Berth.Storage;

/// <summary>A request failed: of which kind, and a message for the user that names the object, the reason and, where there is one, the way out.</summary>
public sealed class EngineException(EngineErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineErrorKind Kind { get; } = kind;

    public static EngineException NotFound(string message) => new(EngineErrorKind.NotFound, message);

    public static EngineException Invalid(string message, Exception? inner = null) => new(EngineErrorKind.Invalid, message, inner);

    public static EngineException Conflict(string message) => new(EngineErrorKind.Conflict, message);

    public static EngineException NotImplemented(string message) => new(EngineErrorKind.NotImplemented, message);

    public static EngineException Unavailable(string message, Exception? inner = null) => new(EngineErrorKind.Unavailable, message, inner);

    public static EngineException Internal(string message, Exception? inner = null) => new(EngineErrorKind.Internal, message, inner);
}
