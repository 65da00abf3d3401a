using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

// Root, mounts and hooks.
public static partial class RuntimeReader
{
    private static RuntimeSpec ReadRuntimeSpec(ref Utf8JsonReader json)
    {
        var value = new RuntimeSpec();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "ociVersion" => value with { OciVersion = json.Text() },
                "process" => value with { Process = json.Object(ReadProcess) },
                "root" => value with { Root = json.Object(ReadRoot) },
                "hostname" => value with { Hostname = json.Text() },
                "domainname" => value with { Domainname = json.Text() },
                "mounts" => value with { Mounts = json.List(ReadMount) },
                "hooks" => value with { Hooks = json.Object(ReadHooks) },
                "annotations" => value with { Annotations = json.TextMap() },
                "linux" => value with { Linux = json.Object(ReadLinuxSpec) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Root ReadRoot(ref Utf8JsonReader json)
    {
        var value = new Root();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "path" => value with { Path = json.Text() },
                "readonly" => value with { Readonly = json.Bool() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Mount ReadMount(ref Utf8JsonReader json)
    {
        var value = new Mount();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "destination" => value with { Destination = json.Text() },
                "type" => value with { Type = json.Text() },
                "source" => value with { Source = json.Text() },
                "options" => value with { Options = json.Texts() },
                "uidMappings" => value with { UidMappings = json.List(ReadIdMapping) },
                "gidMappings" => value with { GidMappings = json.List(ReadIdMapping) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static IdMapping ReadIdMapping(ref Utf8JsonReader json)
    {
        var value = new IdMapping();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "containerID" => value with { ContainerID = json.UInt() },
                "hostID" => value with { HostID = json.UInt() },
                "size" => value with { Size = json.UInt() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Hooks ReadHooks(ref Utf8JsonReader json)
    {
        var value = new Hooks();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "prestart" => value with { Prestart = json.List(ReadHook) },
                "createRuntime" => value with { CreateRuntime = json.List(ReadHook) },
                "createContainer" => value with { CreateContainer = json.List(ReadHook) },
                "startContainer" => value with { StartContainer = json.List(ReadHook) },
                "poststart" => value with { Poststart = json.List(ReadHook) },
                "poststop" => value with { Poststop = json.List(ReadHook) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Hook ReadHook(ref Utf8JsonReader json)
    {
        var value = new Hook();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "path" => value with { Path = json.Text() },
                "args" => value with { Args = json.Texts() },
                "env" => value with { Env = json.Texts() },
                "timeout" => value with { Timeout = json.OptionalInt() },
                _ => json.Skip(value),
            };
        }

        return value;
    }
}
