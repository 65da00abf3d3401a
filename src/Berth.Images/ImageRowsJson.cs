using System.Text.Json.Serialization;

namespace Berth.Images;

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class ImageRowsJson : JsonSerializerContext;
