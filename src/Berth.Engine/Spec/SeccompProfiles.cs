using System.Runtime.InteropServices;
using System.Text.Json;

using Berth.Api;
using Berth.Oci.Runtime;
using Berth.Storage;

namespace Berth.Engine.Spec;

/// <summary>Which filter of system calls a container gets, as the OCI spec has it.</summary>
/// <param name="standard">The default policy for a set of capabilities.</param>
internal sealed class SeccompProfiles(Func<IReadOnlyList<string>, SeccompPolicy?> standard)
{
    /// <param name="config">The container's.</param>
    /// <param name="capabilities">What it holds: profiles allow more calls to who may use them.</param>
    /// <exception cref="EngineException">Invalid: a profile that is none.</exception>
    public SeccompPolicy? Of(HostConfig config, IReadOnlyList<string> capabilities)
    {
        SecurityOptions options = SecurityOptions.Parse(config.SecurityOpt);
        if (options.SeccompProfile is { } profile)
        {
            return FromDocker(profile, capabilities);
        }

        return options.SeccompUnconfined || config.Privileged == true ? null : standard(capabilities);
    }

    /// <summary>
    /// Translates a profile in Docker's form: rules that are included or excluded by capability, architecture or kernel are decided here,
    /// "archMap" becomes this machine's architectures.
    /// </summary>
    public static SeccompPolicy FromDocker(JsonElement profile, IReadOnlyList<string> capabilities)
    {
        try
        {
            return new SeccompPolicy
            {
                DefaultAction = Text(profile, "defaultAction") ?? throw EngineException.Invalid("Decoding seccomp profile failed: it has no defaultAction"),
                DefaultErrnoRet = Number(profile, "defaultErrnoRet"),
                Architectures = Architectures(profile),
                Flags = Texts(profile, "flags"),
                ListenerPath = Text(profile, "listenerPath"),
                ListenerMetadata = Text(profile, "listenerMetadata"),
                Syscalls = [.. Items(profile, "syscalls").Where(r => Applies(r, capabilities)).Select(Rule)],
            };
        }
        catch (InvalidOperationException e)
        {
            throw EngineException.Invalid($"Decoding seccomp profile failed: {e.Message}", e);
        }
    }

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // Go's names in "includes.arches", libseccomp's in "archMap".
    private static string Arch => IsArm ? "arm64" : "amd64";

    private static IReadOnlyList<string>? Architectures(JsonElement profile)
    {
        if (Texts(profile, "architectures") is { Count: > 0 } plain)
        {
            return plain;
        }

        string own = IsArm ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        JsonElement entry = Items(profile, "archMap").FirstOrDefault(a => Text(a, "architecture") == own);
        return entry.ValueKind == JsonValueKind.Object ? [own, .. Texts(entry, "subArchitectures") ?? []] : null;
    }

    private static bool Applies(JsonElement rule, IReadOnlyList<string> capabilities)
    {
        if (rule.TryGetProperty("includes", out JsonElement includes) && includes.ValueKind == JsonValueKind.Object)
        {
            bool arch = Texts(includes, "arches") is not { Count: > 0 } arches || arches.Contains(Arch);
            bool caps = (Texts(includes, "caps") ?? []).All(capabilities.Contains);
            bool kernel = Text(includes, "minKernel") is not { } version || KernelIsAtLeast(version);
            if (!arch || !caps || !kernel)
            {
                return false;
            }
        }

        return !rule.TryGetProperty("excludes", out JsonElement excludes) || excludes.ValueKind != JsonValueKind.Object
            || !((Texts(excludes, "arches") ?? []).Contains(Arch) || (Texts(excludes, "caps") ?? []).Any(capabilities.Contains)
                || (Text(excludes, "minKernel") is { } from && KernelIsAtLeast(from)));
    }

    private static SeccompRule Rule(JsonElement rule) => new()
    {
        Names = Text(rule, "name") is { Length: > 0 } single ? [single] : Texts(rule, "names"),
        Action = Text(rule, "action"),
        ErrnoRet = Number(rule, "errnoRet"),
        Args =
        [
            .. Items(rule, "args").Select(a => new SeccompArgument
            {
                Index = a.GetProperty("index").GetUInt32(),
                Value = a.GetProperty("value").GetUInt64(),
                ValueTwo = a.TryGetProperty("valueTwo", out JsonElement two) ? two.GetUInt64() : 0,
                Op = Text(a, "op"),
            }),
        ],
    };

    private static bool KernelIsAtLeast(string version) => Version.TryParse(version, out Version? wanted) && Environment.OSVersion.Version >= wanted;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static uint? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetUInt32() : null;

    private static IReadOnlyList<string>? Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString() ?? "")] : null;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
