namespace Berth.Images.Pull;

/// <summary>What arrived cannot be unpacked. Perhaps because other bytes arrived than should have: the digest tells, once all of it is there.</summary>
internal sealed class DamagedLayerException(string message, Exception? inner) : Exception(message, inner);
