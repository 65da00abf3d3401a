namespace Berth.Cli.Specs;

/// <summary>A value in one of Docker's small languages (ports, mounts, limits) is malformed. The message is Docker's.</summary>
internal sealed class SpecException(string message) : Exception(message);
