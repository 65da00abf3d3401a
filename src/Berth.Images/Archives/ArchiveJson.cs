using System.Text.Json.Serialization;

namespace Berth.Images.Archives;

[JsonSerializable(typeof(IReadOnlyList<DockerArchiveItem>))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
