namespace Berth.Images.Pull;

/// <summary>One line of progress, in Docker's words.</summary>
/// <param name="Id">What it is about: a tag, or a layer by the first digits of its digest; null: the whole pull.</param>
/// <param name="Status">E.g. "Downloading".</param>
/// <param name="Current">Bytes done; null: it has no bar.</param>
/// <param name="Total">Of so many.</param>
public sealed record PullStep(string? Id, string Status, long? Current = null, long? Total = null);
