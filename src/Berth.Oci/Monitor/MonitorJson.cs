using System.Text.Json.Serialization;

namespace Berth.Oci.Monitor;

/// <summary>JSON of the monitor's protocol.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MonitorRequest))]
[JsonSerializable(typeof(MonitorCall))]
[JsonSerializable(typeof(MonitorReply))]
[JsonSerializable(typeof(MonitorEvent))]
[JsonSerializable(typeof(MonitorState))]
[JsonSerializable(typeof(ContainerExit))]
[JsonSerializable(typeof(ExecExit))]
public sealed partial class MonitorJson : JsonSerializerContext;
