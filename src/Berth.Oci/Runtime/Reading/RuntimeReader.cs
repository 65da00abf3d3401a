using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

/// <summary>
/// Reads the runtime specification's JSON without the serializer (see Json/JsonReading.cs). Members it does not know are skipped, as the
/// specification asks. A test compares it with the serializer on records in which every member is set.
/// </summary>
public static partial class RuntimeReader
{
    /// <summary>A config.json.</summary>
    /// <exception cref="JsonException">It is malformed; the message names the byte.</exception>
    public static RuntimeSpec Spec(ReadOnlySpan<byte> text) => JsonReading.Whole(text, ReadRuntimeSpec);

    /// <summary>A process alone, as `exec --process` takes it.</summary>
    /// <exception cref="JsonException">It is malformed; the message names the byte.</exception>
    public static Process Process(ReadOnlySpan<byte> text) => JsonReading.Whole(text, ReadProcess);

    /// <summary>Resources alone, as `update --resources` takes them.</summary>
    /// <exception cref="JsonException">It is malformed; the message names the byte.</exception>
    public static Resources Resources(ReadOnlySpan<byte> text) => JsonReading.Whole(text, ReadResources);
}
