using System.Text.Json.Serialization;

using Berth.Images.Registries.Authorization;

namespace Berth.Images.Registries;

/// <summary>JSON of registries and token servers.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CredentialsDocument))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(SearchAnswer))]
internal sealed partial class RegistryJson : JsonSerializerContext;
