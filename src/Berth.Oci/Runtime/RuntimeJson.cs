using System.Text.Json.Serialization;

namespace Berth.Oci.Runtime;

/// <summary>JSON of the OCI runtime specification. Names are its own camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(Process))]
[JsonSerializable(typeof(State))]
public sealed partial class RuntimeJson : JsonSerializerContext;
