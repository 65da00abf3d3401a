namespace Berth.Images.Push;

/// <summary>One line of progress, in Docker's words.</summary>
/// <param name="Id">The layer that it is about, by the first digits of its uncompressed digest; null: the whole push.</param>
/// <param name="Status">E.g. "Pushing".</param>
/// <param name="Current">Bytes done; null: it has no bar.</param>
/// <param name="Total">Of so many.</param>
public sealed record PushStep(string? Id, string Status, long? Current = null, long? Total = null)
{
    /// <summary>A tag that is in the registry now; null: this line says nothing of the kind.</summary>
    public PushedTag? Pushed { get; init; }
}
