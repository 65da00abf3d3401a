namespace Berth.Bench;

/// <summary>One row of the bench: the same work on a peer and on Berth, round by round, interleaved.</summary>
internal sealed record Work(string Name, string PeerName, Func<double> Peer, Func<double> Ours, double Bar)
{
    /// <summary>What is printed behind a figure.</summary>
    public string Unit { get; init; } = "ms";

    /// <summary>Rounds are slow ones: fewer of them are enough.</summary>
    public int? Rounds { get; init; }

    public void Run(int rounds, TextWriter output)
    {
        var peer = new Series("peer");
        var ours = new Series("ours");
        for (int round = 0; round <= (Rounds ?? rounds); round++)
        {
            double p = Peer();
            double o = Ours();
            if (round > 0)
            {
                peer.Add(p);
                ours.Add(o);
            }
        }

        double ratio = ours.Median / peer.Median;
        output.WriteLine(
            $"{Name,-46} {PeerName} {peer.Median,9:0.0} {Unit} (p95 {peer.Percentile95:0.0})   berth {ours.Median,8:0.0} {Unit} (p95 {ours.Percentile95:0.0}, {ours.Percentile95 / ours.Median:0.0} x median)   "
            + $"ratio {ratio:0.000}, bar {Bar:0.###}: {(ratio <= Bar ? "held" : "MISSED")}");
    }
}
