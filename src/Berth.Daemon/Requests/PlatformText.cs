using System.Text.Json;
using Berth.Daemon.Http;
using Berth.Oci.Images;
using Berth.Storage;

namespace Berth.Daemon.Requests;

/// <summary>The platform a request names: OS[/ARCHITECTURE[/VARIANT]] or one of the first two alone, or the JSON of a platform as newer clients send it.</summary>
internal static class PlatformText
{
    /// <summary>Null: the request names none.</summary>
    /// <exception cref="EngineException">Invalid: neither form. NotImplemented: several.</exception>
    public static Platform? Of(ApiCall call)
    {
        IReadOnlyList<string> all = [.. call.Query.All("platform").Where(static p => p.Length > 0)];
        return all.Count > 1
            ? throw EngineException.NotImplemented($"berth: several platforms at once ({string.Join(", ", all)}) are not supported yet: an image here is for one")
            : Parse(all.FirstOrDefault());
    }

    /// <summary>Those of a request that may name several, in "platforms".</summary>
    /// <exception cref="EngineException">Invalid: neither form.</exception>
    public static IReadOnlyList<Platform> AllOf(ApiCall call) => [.. call.Query.All("platforms").Select(Parse).OfType<Platform>()];

    /// <summary>Null: there is no text.</summary>
    /// <exception cref="EngineException">Invalid: neither form.</exception>
    public static Platform? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!text.StartsWith('{'))
        {
            return PlatformSpecifier.Parse(text, PlatformSpecifier.Here) ?? throw EngineException.Invalid(PlatformSpecifier.Fault(text));
        }

        try
        {
            return JsonSerializer.Deserialize(text, ImageJson.Default.Platform) is { Os.Length: > 0, Architecture.Length: > 0 } platform
                ? platform with { Os = platform.Os.ToLowerInvariant(), Architecture = platform.Architecture.ToLowerInvariant(), Variant = string.IsNullOrEmpty(platform.Variant) ? null : platform.Variant }
                : throw EngineException.Invalid($"the platform {text} names no operating system and architecture");
        }
        catch (JsonException e)
        {
            throw EngineException.Invalid($"the platform {text} is no JSON object: {JsonFault.Describe(e)}", e);
        }
    }
}
