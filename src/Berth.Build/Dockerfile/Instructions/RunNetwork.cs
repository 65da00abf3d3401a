namespace Berth.Build.Dockerfile.Instructions;

/// <summary>RUN --network.</summary>
public enum RunNetwork
{
    Default,
    None,
    Host,
}
