namespace Berth.Network.Firewall.Firewalld;

/// <summary>Who was called over D-Bus answered with an error, or not in D-Bus.</summary>
internal sealed class BusException(string message) : Exception(message);
