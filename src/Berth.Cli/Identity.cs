namespace Berth.Cli;

/// <summary>What this program says of itself.</summary>
internal static class Identity
{
    public const string Version = "0.1.0";

    /// <summary>The API version the client speaks; SCENARIOS: 1.24 to 1.52 are served.</summary>
    public const string ApiVersion = "1.52";

    public const string UserAgent = $"Berth-Client/{Version} (linux)";
}
