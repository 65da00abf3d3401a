using System.Text.Json.Serialization;

namespace Berth.Images.Archives;

[JsonSerializable(typeof(IReadOnlyList<DockerArchiveItem>))]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
