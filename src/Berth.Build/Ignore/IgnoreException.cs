namespace Berth.Build.Ignore;

/// <summary>An ignore file cannot be used: which pattern, and why.</summary>
public sealed class IgnoreException(string message) : Exception(message);
