using System.Text.Json.Serialization;

using Berth.Engine.Containers;
using Berth.Engine.Exec;
using Berth.Engine.Volumes;

namespace Berth.Engine;

/// <summary>
/// JSON of the rows that the engine owns. Only null is left out: leaving out what has its type's default would also leave out the first member
/// of an enum, and the row could not be read back.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(ContainerStatus))]
[JsonSerializable(typeof(ExecDocument))]
[JsonSerializable(typeof(ExecStatus))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class EngineJson : JsonSerializerContext;
