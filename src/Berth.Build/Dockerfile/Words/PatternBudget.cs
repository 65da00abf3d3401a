namespace Berth.Build.Dockerfile.Words;

/// <summary>The steps that patterns may still take; shared by all expansions of a file, which may run at once.</summary>
internal sealed class PatternBudget
{
    private long _left = ParseLimits.PatternSteps;

    /// <exception cref="DockerfileException">Too many were taken.</exception>
    public void Pay(long steps)
    {
        if (Interlocked.Add(ref _left, -steps) < 0)
        {
            throw DockerfileException.Value("patterns take too long on these values; use shorter values or fewer wildcards");
        }
    }
}
