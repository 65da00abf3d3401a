namespace Berth.Network;

/// <summary>Kinds of refusal, for the answer's status code.</summary>
public enum NetworkFailure
{
    /// <summary>No such network (404).</summary>
    NotFound,

    /// <summary>The request cannot be meant (400).</summary>
    Invalid,

    /// <summary>Full, or in use (409 or, as Docker answers a start, 500).</summary>
    Exhausted,

    /// <summary>The kernel refused a step (500).</summary>
    Kernel,
}
