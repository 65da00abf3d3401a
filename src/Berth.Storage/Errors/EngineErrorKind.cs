namespace Berth.Storage;

/// <summary>Why a request could not be done, as far as a caller branches on it. Closed; the daemon maps each to one HTTP status.</summary>
public enum EngineErrorKind
{
    /// <summary>The request itself is wrong: 400.</summary>
    Invalid,

    /// <summary>No such object: 404.</summary>
    NotFound,

    /// <summary>The object's state or another object stands in the way: 409.</summary>
    Conflict,

    /// <summary>Not allowed by configuration: 403.</summary>
    Forbidden,

    /// <summary>The credentials do not do: 401.</summary>
    Unauthorized,

    /// <summary>The object is already in the state that was asked for: 304.</summary>
    NotModified,

    /// <summary>Known, but not built: 501.</summary>
    NotImplemented,

    /// <summary>Something outside does not answer now: 503.</summary>
    Unavailable,

    /// <summary>Something failed that the caller cannot repair: 500.</summary>
    Internal,
}
