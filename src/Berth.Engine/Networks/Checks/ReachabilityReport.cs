namespace Berth.Engine.Networks.Checks;

/// <summary>Whether one container reaches another.</summary>
internal sealed record ReachabilityReport(IReadOnlyList<ReachabilityStep> Steps)
{
    public bool Reachable => Steps.All(s => s.Passed || !s.Blocks);

    /// <summary>Of the first step that blocks; where none does, of the first that did not pass.</summary>
    public string Advice => (Steps.FirstOrDefault(s => !s.Passed && s.Blocks) ?? Steps.FirstOrDefault(s => !s.Passed))?.Advice ?? "";
}
