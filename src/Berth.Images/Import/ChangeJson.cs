using System.Text.Json.Serialization;

namespace Berth.Images.Import;

[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ChangeJson : JsonSerializerContext;
