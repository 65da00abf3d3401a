namespace Berth.Bench;

/// <summary>Figures of one kind of work, one a round, the first round dropped by whoever adds.</summary>
internal sealed class Series(string name)
{
    private readonly List<double> values = [];

    public string Name { get; } = name;

    public int Count => values.Count;

    public void Add(double value) => values.Add(value);

    public double Median => At(0.5);

    public double Percentile95 => At(0.95);

    public double Minimum => values.Min();

    public double Maximum => values.Max();

    private double At(double share)
    {
        double[] sorted = [.. values.Order()];
        if (share == 0.5 && sorted.Length % 2 == 0)
        {
            return (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        }

        // The value at or below which that share of the rounds lies (nearest rank).
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
