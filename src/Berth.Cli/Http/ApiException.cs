namespace Berth.Cli.Http;

/// <summary>The daemon answered with an error.</summary>
internal sealed class ApiException(int status, string message) : Exception($"Error response from daemon: {message}")
{
    public int Status { get; } = status;

    /// <summary>The daemon's own words.</summary>
    public string Answer { get; } = message;
}
