namespace Berth.Cli.Json;

/// <summary>What an object is in Go: JSON alone does not tell.</summary>
internal enum JsonShape
{
    /// <summary>Nobody said; it behaves as a map of anything.</summary>
    Unknown,

    /// <summary>A structure: its fields are what they are, in their order.</summary>
    Struct,

    /// <summary>A map from text: its keys are the user's own.</summary>
    Map,
}
