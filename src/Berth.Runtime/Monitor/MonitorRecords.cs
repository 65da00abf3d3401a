using System.Text.Json;
using System.Text.Json.Serialization;

using Berth.Oci.Monitor;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Monitor;

/// <summary>
/// JSON contexts for one use each. What a context learns about its types stays with it, and for the OCI spec alone that is a third of a megabyte:
/// one that is dropped afterwards gives it back, the shared Default never does.
/// </summary>
internal static class MonitorRecords
{
    public static MonitorJson NewMonitorJson() => new(NewOptions());

    public static RuntimeJson NewRuntimeJson() => new(NewOptions());

    // As the attributes of both contexts say.
    private static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
