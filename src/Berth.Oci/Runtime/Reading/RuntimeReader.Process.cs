using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Oci.Runtime;

// The program: user, capabilities, limits.
public static partial class RuntimeReader
{
    internal static Process ReadProcess(ref Utf8JsonReader json)
    {
        var value = new Process();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "terminal" => value with { Terminal = json.Bool() },
                "consoleSize" => value with { ConsoleSize = json.Object(ReadConsoleSize) },
                "user" => value with { User = json.Object(ReadUser) },
                "args" => value with { Args = json.Texts() },
                "commandLine" => value with { CommandLine = json.Text() },
                "env" => value with { Env = json.Texts() },
                "cwd" => value with { Cwd = json.Text() },
                "capabilities" => value with { Capabilities = json.Object(ReadCapabilitySets) },
                "rlimits" => value with { Rlimits = json.List(ReadRlimit) },
                "noNewPrivileges" => value with { NoNewPrivileges = json.Bool() },
                "apparmorProfile" => value with { ApparmorProfile = json.Text() },
                "oomScoreAdj" => value with { OomScoreAdj = json.OptionalInt() },
                "selinuxLabel" => value with { SelinuxLabel = json.Text() },
                "ioPriority" => value with { IoPriority = json.Object(ReadIOPriority) },
                "scheduler" => value with { Scheduler = json.Object(ReadScheduler) },
                "execCPUAffinity" => value with { ExecCPUAffinity = json.Object(ReadCpuAffinity) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static ConsoleSize ReadConsoleSize(ref Utf8JsonReader json)
    {
        var value = new ConsoleSize();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "height" => value with { Height = json.UInt() },
                "width" => value with { Width = json.UInt() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static User ReadUser(ref Utf8JsonReader json)
    {
        var value = new User();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "uid" => value with { Uid = json.UInt() },
                "gid" => value with { Gid = json.UInt() },
                "umask" => value with { Umask = json.OptionalUInt() },
                "additionalGids" => value with { AdditionalGids = json.UInts() },
                "username" => value with { Username = json.Text() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static CapabilitySets ReadCapabilitySets(ref Utf8JsonReader json)
    {
        var value = new CapabilitySets();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "bounding" => value with { Bounding = json.Texts() },
                "effective" => value with { Effective = json.Texts() },
                "inheritable" => value with { Inheritable = json.Texts() },
                "permitted" => value with { Permitted = json.Texts() },
                "ambient" => value with { Ambient = json.Texts() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Rlimit ReadRlimit(ref Utf8JsonReader json)
    {
        var value = new Rlimit();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "type" => value with { Type = json.Text() },
                "hard" => value with { Hard = json.ULong() },
                "soft" => value with { Soft = json.ULong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static IOPriority ReadIOPriority(ref Utf8JsonReader json)
    {
        var value = new IOPriority();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "class" => value with { Class = json.Text() },
                "priority" => value with { Priority = json.Int() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static Scheduler ReadScheduler(ref Utf8JsonReader json)
    {
        var value = new Scheduler();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "policy" => value with { Policy = json.Text() },
                "nice" => value with { Nice = json.Int() },
                "priority" => value with { Priority = json.Int() },
                "flags" => value with { Flags = json.Texts() },
                "runtime" => value with { Runtime = json.ULong() },
                "deadline" => value with { Deadline = json.ULong() },
                "period" => value with { Period = json.ULong() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static CpuAffinity ReadCpuAffinity(ref Utf8JsonReader json)
    {
        var value = new CpuAffinity();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "initial" => value with { Initial = json.Text() },
                "final" => value with { Final = json.Text() },
                _ => json.Skip(value),
            };
        }

        return value;
    }
}
