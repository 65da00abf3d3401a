namespace Berth.Build.Dockerfile;

/// <summary>A pair of ENV or LABEL. Legacy: "ENV name value" with a blank instead of "=", where the value is the rest of the line.</summary>
public sealed record KeyValue(string Key, string Value, bool IsLegacy = false);
