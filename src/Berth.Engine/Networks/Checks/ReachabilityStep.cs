namespace Berth.Engine.Networks.Checks;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What should be so.</param>
/// <param name="Passed">It is.</param>
/// <param name="Detail">How it is.</param>
internal sealed record ReachabilityStep(string Check, bool Passed, string Detail)
{
    /// <summary>Nothing gets through while it is not so. Otherwise it is worth knowing only.</summary>
    public bool Blocks { get; init; } = true;

    /// <summary>What to do where it is not so.</summary>
    public string Advice { get; init; } = "";
}
