using Berth.Oci.Monitor;

namespace Berth.Runtime.Monitor.Ports;

/// <summary>A change of published ports, checked: see <see cref="MonitorPorts"/>.</summary>
internal sealed class PortChange
{
    private PortChange()
    {
    }

    public HashSet<PortKey> Removed { get; } = [];

    /// <summary>Those that a descriptor comes for, in the descriptors' order.</summary>
    public List<(PortKey Key, PortTarget Target)> New { get; } = [];

    /// <summary>Those that are held already and get another target.</summary>
    public List<(PortKey Key, PortTarget Target)> Changed { get; } = [];

    /// <summary>Reads and checks a change. It is not done yet.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="isHeld">Of the ports as they are.</param>
    /// <param name="descriptors">How many came with it.</param>
    /// <param name="refusal">Why it cannot be done; null where it can.</param>
    public static PortChange Read(MonitorPorts call, Func<PortKey, bool> isHeld, int descriptors, out string? refusal)
    {
        var change = new PortChange();
        refusal = change.ReadRemoved(call) ?? change.ReadAdded(call, isHeld);
        if (refusal is null && change.New.Count != descriptors)
        {
            refusal = $"{descriptors} descriptors came for {change.New.Count} ports that are not held yet";
        }

        return change;
    }

    private string? ReadRemoved(MonitorPorts call)
    {
        foreach (MonitorPortKey port in call.Remove)
        {
            if (PortKey.Read(port.Protocol, port.HostAddress, port.HostPort, out PortKey key) is { } why)
            {
                return why;
            }

            Removed.Add(key);
        }

        return null;
    }

    private string? ReadAdded(MonitorPorts call, Func<PortKey, bool> isHeld)
    {
        var seen = new HashSet<PortKey>();
        foreach (MonitorPort port in call.Add)
        {
            PortTarget target = default;
            string? why = PortKey.Read(port.Protocol, port.HostAddress, port.HostPort, out PortKey key) ?? PortTarget.Read(port, key.Protocol, out target);
            if (why is not null)
            {
                return why;
            }

            if (!seen.Add(key))
            {
                return $"{port.Protocol} {port.HostAddress} port {port.HostPort} is there twice";
            }

            (isHeld(key) && !Removed.Contains(key) ? Changed : New).Add((key, target));
        }

        return null;
    }
}
