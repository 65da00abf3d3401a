namespace Berth.Network;

/// <summary>A network refused what was asked: the message names the object, the reason and the way out.</summary>
public sealed class NetworkException(NetworkFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public NetworkFailure Failure { get; } = failure;
}
