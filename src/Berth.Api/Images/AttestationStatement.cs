using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record AttestationStatement
{
    public OCIDescriptor? Descriptor { get; init; }

    public string? PredicateType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Statement { get; init; }
}
