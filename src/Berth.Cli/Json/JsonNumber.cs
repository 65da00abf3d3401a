namespace Berth.Cli.Json;

/// <summary>A number that is no 64-bit integer, with the text it came as.</summary>
internal sealed record JsonNumber(double Value, string Text);
