namespace Berth.Cli.Http;

/// <summary>The daemon could not be reached, or the connection broke in the middle of an answer.</summary>
internal sealed class ConnectionException(string message) : Exception(message);
