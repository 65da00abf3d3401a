using Berth.Engine.Containers;
using Berth.Network;

namespace Berth.Engine.Links;

/// <summary>What a link on the default bridge leads to now.</summary>
/// <param name="Alias">What it is called.</param>
/// <param name="Record">The container.</param>
/// <param name="Endpoint">Its place on the default bridge; null: it does not run, or is not there.</param>
internal sealed record LinkedContainer(string Alias, ContainerRecord Record, Endpoint? Endpoint)
{
    /// <summary>It can be reached.</summary>
    public bool IsThere => Record.IsRunning && Endpoint?.Address is not null;

    /// <summary>In the linking container: alias, host name, name, as Docker writes them.</summary>
    public IEnumerable<HostsEntry> Hosts()
    {
        if (!IsThere)
        {
            return [];
        }

        string[] names = [.. new[] { Alias, Record.Document.Config.Hostname ?? "", Record.Name == Alias ? "" : Record.Name }.Where(n => n.Length > 0)];
        return new[] { Endpoint!.Address, Endpoint.Ipv6Address }.OfType<System.Net.IPAddress>().Select(a => new HostsEntry(a.ToString(), names));
    }

    /// <summary>In the linking container, of that name.</summary>
    public IEnumerable<string> Environment(string parent) => IsThere
        ? LinkEnvironment.Of(parent, Alias, Endpoint!.Address!.ToString(), ExposedPort.Of(Record.Document.Config.ExposedPorts?.Keys), Record.Document.Config.Env)
        : [];
}
