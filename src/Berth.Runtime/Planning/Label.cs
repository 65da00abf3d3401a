namespace Berth.Runtime.Planning;

/// <summary>A place further down in a plan. Plans only go forward, so that every one ends.</summary>
internal sealed class Label
{
    /// <summary>Index of the call it stands before, once marked.</summary>
    public int? Index { get; set; }
}
