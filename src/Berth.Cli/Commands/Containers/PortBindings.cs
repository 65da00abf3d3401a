using Berth.Cli.Json;
using Berth.Cli.Specs;

namespace Berth.Cli.Commands.Containers;

/// <summary>Published ports as the API takes them: {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}.</summary>
internal static class PortBindings
{
    public static void Write(JsonBuilder json, string name, IEnumerable<PortSpec> ports) => json.Object(name, map =>
    {
        foreach (IGrouping<string, PortSpec> port in ports.GroupBy(p => p.Port))
        {
            WriteOne(map, port.Key, port);
        }
    });

    /// <summary>For removal: a container's port that is named alone stands for all its bindings, which the API calls an empty list.</summary>
    public static void WriteRemoved(JsonBuilder json, string name, IEnumerable<PortSpec> ports) => json.Object(name, map =>
    {
        foreach (IGrouping<string, PortSpec> port in ports.GroupBy(p => p.Port))
        {
            WriteOne(map, port.Key, port.Any(static p => p.HostIP.Length + p.HostPort.Length == 0) ? [] : port);
        }
    });

    private static void WriteOne(JsonBuilder map, string port, IEnumerable<PortSpec> bindings) =>
        map.Objects(port, bindings, static (binding, p) => binding.Text("HostIp", p.HostIP).Text("HostPort", p.HostPort));
}
