using System.Text.Json.Serialization;

namespace Berth.Runtime.Commands;

/// <summary>JSON of the runtime's own files and answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(ListedContainer))]
[JsonSerializable(typeof(List<ListedContainer>))]
[JsonSerializable(typeof(Features))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(List<int>))]
internal sealed partial class CommandJson : JsonSerializerContext;
