namespace Berth.Images;

/// <summary>A container that uses an image.</summary>
/// <param name="Container">Its id.</param>
/// <param name="IsRunning">Running, paused or in between: no force removes such an image.</param>
public sealed record ImageUse(string Container, bool IsRunning);
