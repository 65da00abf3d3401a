using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

// Namespaces, devices, paths.
public static partial class RuntimeReader
{
    private static LinuxSpec ReadLinuxSpec(ref Utf8JsonReader json)
    {
        var value = new LinuxSpec();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "uidMappings" => value with { UidMappings = json.List(ReadIdMapping) },
                "gidMappings" => value with { GidMappings = json.List(ReadIdMapping) },
                "sysctl" => value with { Sysctl = json.TextMap() },
                "resources" => value with { Resources = json.Object(ReadResources) },
                "cgroupsPath" => value with { CgroupsPath = json.Text() },
                "namespaces" => value with { Namespaces = json.List(ReadNamespace) },
                "devices" => value with { Devices = json.List(ReadDevice) },
                "seccomp" => value with { Seccomp = json.Object(ReadSeccompPolicy) },
                "rootfsPropagation" => value with { RootfsPropagation = json.Text() },
                "maskedPaths" => value with { MaskedPaths = json.Texts() },
                "readonlyPaths" => value with { ReadonlyPaths = json.Texts() },
                "mountLabel" => value with { MountLabel = json.Text() },
                "personality" => value with { Personality = json.Object(ReadPersonality) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Namespace ReadNamespace(ref Utf8JsonReader json)
    {
        var value = new Namespace();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "type" => value with { Type = json.Text() },
                "path" => value with { Path = json.Text() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Device ReadDevice(ref Utf8JsonReader json)
    {
        var value = new Device();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "path" => value with { Path = json.Text() },
                "type" => value with { Type = json.Text() },
                "major" => value with { Major = json.Long() },
                "minor" => value with { Minor = json.Long() },
                "fileMode" => value with { FileMode = json.OptionalUInt() },
                "uid" => value with { Uid = json.OptionalUInt() },
                "gid" => value with { Gid = json.OptionalUInt() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Personality ReadPersonality(ref Utf8JsonReader json)
    {
        var value = new Personality();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "domain" => value with { Domain = json.Text() },
                "flags" => value with { Flags = json.Texts() },
                _ => json.Skip(value),
            };
        }

        return value;
    }
}
