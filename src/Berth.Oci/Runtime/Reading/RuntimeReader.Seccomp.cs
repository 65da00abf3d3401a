using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

// The filter of system calls.
public static partial class RuntimeReader
{
    private static SeccompPolicy ReadSeccompPolicy(ref Utf8JsonReader json)
    {
        var value = new SeccompPolicy();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "defaultAction" => value with { DefaultAction = json.Text() },
                "defaultErrnoRet" => value with { DefaultErrnoRet = json.OptionalUInt() },
                "architectures" => value with { Architectures = json.Texts() },
                "flags" => value with { Flags = json.Texts() },
                "listenerPath" => value with { ListenerPath = json.Text() },
                "listenerMetadata" => value with { ListenerMetadata = json.Text() },
                "syscalls" => value with { Syscalls = json.List(ReadSeccompRule) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static SeccompRule ReadSeccompRule(ref Utf8JsonReader json)
    {
        var value = new SeccompRule();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "names" => value with { Names = json.Texts() },
                "action" => value with { Action = json.Text() },
                "errnoRet" => value with { ErrnoRet = json.OptionalUInt() },
                "args" => value with { Args = json.List(ReadSeccompArgument) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static SeccompArgument ReadSeccompArgument(ref Utf8JsonReader json)
    {
        var value = new SeccompArgument();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "index" => value with { Index = json.UInt() },
                "value" => value with { Value = json.ULong() },
                "valueTwo" => value with { ValueTwo = json.ULong() },
                "op" => value with { Op = json.Text() },
                _ => json.Skip(value),
            };
        }

        return value;
    }
}
