namespace Berth.Engine.Networks.Checks;

/// <summary>
/// Tells whether one container reaches another, and why not: step by step from the containers over their networks to the program that should
/// listen. Pure; what comes first in the list is what to mend first.
/// </summary>
internal static class Reachability
{
    public static ReachabilityReport Of(ReachabilityFacts facts)
    {
        ReachabilityStep runs = Runs(facts);
        if (!runs.Passed)
        {
            return new ReachabilityReport([runs]);
        }

        IEnumerable<ReachabilityStep> way = facts.From.Stack == facts.To.Stack ? SameStack(facts)
            : facts.From.InHost ? HostPath.FromHost(facts)
            : facts.To.InHost ? HostPath.ToHost(facts)
            : Between(facts);
        return new ReachabilityReport([runs, .. way]);
    }

    private static ReachabilityStep Runs(ReachabilityFacts facts)
    {
        CheckedContainer[] idle = [.. new[] { facts.From, facts.To }.Where(c => c.State != "running").DistinctBy(c => c.Name)];
        return new ReachabilityStep("both run", idle.Length == 0, string.Join(", ", idle.Select(c => $"{c.Name} is {c.State}")))
        {
            Advice = string.Join("; ", idle.Select(c => c.State == "paused" ? $"berth unpause {c.Name}" : $"berth start {c.Name}")),
        };
    }

    private static IEnumerable<ReachabilityStep> SameStack(ReachabilityFacts facts)
    {
        string whose = facts.To.InHost ? "the host's network" : "one network stack";
        yield return new ReachabilityStep("they share a network", true, $"both have {whose}: each finds the other on localhost");
        if (facts.Port is { } port)
        {
            yield return ListeningCheck.Of(facts, port, null);
        }
    }

    private static IEnumerable<ReachabilityStep> Between(ReachabilityFacts facts)
    {
        List<List<ReachabilityStep>> ways =
        [
            .. facts.From.Places.SelectMany(from => facts.To.Places.Where(to => to.Network == from.Network).Select(to => NetworkPath.Steps(facts, from, to).ToList())),
        ];
        return ways.Find(w => new ReachabilityReport(w).Reachable) ?? (ways.Count > 0 ? ways[0] : Apart.Steps(facts));
    }
}
