using System.Text.Json.Serialization;

using Berth.Engine.Containers;
using Berth.Engine.Exec;
using Berth.Engine.Volumes;

namespace Berth.Engine;

/// <summary>JSON of the rows that the engine owns.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(ContainerStatus))]
[JsonSerializable(typeof(ExecDocument))]
[JsonSerializable(typeof(ExecStatus))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class EngineJson : JsonSerializerContext;
