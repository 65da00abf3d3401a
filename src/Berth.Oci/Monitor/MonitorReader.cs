using System.Text.Json;

using Berth.Oci.Json;
using Berth.Oci.Runtime;

namespace Berth.Oci.Monitor;

/// <summary>Reads what a monitor is told, without the serializer (see Json/JsonReading.cs). A test compares the two.</summary>
public static class MonitorReader
{
    /// <summary>monitor.json.</summary>
    /// <exception cref="JsonException">It is malformed, or something required is missing.</exception>
    public static MonitorRequest Request(ReadOnlySpan<byte> text) => JsonReading.Whole(text, ReadMonitorRequest);

    /// <summary>One call on the monitor's socket.</summary>
    /// <exception cref="JsonException">It is malformed, or something required is missing.</exception>
    public static MonitorCall Call(ReadOnlySpan<byte> text) => JsonReading.Whole(text, ReadMonitorCall);

    private static MonitorRequest ReadMonitorRequest(ref Utf8JsonReader json)
    {
        var value = new MonitorRequest { Id = "", Socket = "", StatePath = "", ExitPath = "", ExecFolder = "" };
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "id" => value with { Id = json.RequiredText() },
                "socket" => value with { Socket = json.RequiredText() },
                "statePath" => value with { StatePath = json.RequiredText() },
                "exitPath" => value with { ExitPath = json.RequiredText() },
                "execFolder" => value with { ExecFolder = json.RequiredText() },
                "logPath" => value with { LogPath = json.Text() },
                "logMaxSize" => value with { LogMaxSize = json.Long() },
                "logMaxFiles" => value with { LogMaxFiles = json.Int() },
                "openStdin" => value with { OpenStdin = json.Bool() },
                "stdinOnce" => value with { StdinOnce = json.Bool() },
                "rootIsDescriptor" => value with { RootIsDescriptor = json.Bool() },
                "networkIsDescriptor" => value with { NetworkIsDescriptor = json.Bool() },
                "attachments" => value with { Attachments = json.List(ReadMonitorAttachment) ?? [] },
                "ports" => value with { Ports = json.List(ReadMonitorPort) ?? [] },
                "monitorCgroup" => value with { MonitorCgroup = json.Text() },
                "durable" => value with { Durable = json.Bool() },
                _ => json.Skip(value),
            };
        }

        bool complete = value is { Id.Length: > 0, Socket.Length: > 0, StatePath.Length: > 0, ExitPath.Length: > 0, ExecFolder.Length: > 0 };
        return complete ? value : throw JsonReading.Missing("id, socket, statePath, exitPath, execFolder");
    }

    private static MonitorAttachment ReadMonitorAttachment(ref Utf8JsonReader json)
    {
        var value = new MonitorAttachment();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "descriptor" => value with { Descriptor = json.Int() },
                "stdin" => value with { Stdin = json.Bool() },
                "stdout" => value with { Stdout = json.Bool() },
                "stderr" => value with { Stderr = json.Bool() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MonitorCall ReadMonitorCall(ref Utf8JsonReader json)
    {
        var value = new MonitorCall();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "watch" => value with { Watch = json.Object(ReadMonitorWatch) },
                "attach" => value with { Attach = json.Object(ReadMonitorAttachment) },
                "exec" => value with { Exec = json.Object(ReadMonitorExec) },
                "resize" => value with { Resize = json.Object(ReadMonitorResize) },
                "signal" => value with { Signal = json.Object(ReadMonitorSignal) },
                "ports" => value with { Ports = json.Object(ReadMonitorPorts) },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MonitorWatch ReadMonitorWatch(ref Utf8JsonReader json)
    {
        var value = new MonitorWatch();
        while (json.NextMember(out string name))
        {
            value = json.Skip(value);
        }

        return value;
    }

    private static MonitorExec ReadMonitorExec(ref Utf8JsonReader json)
    {
        var value = new MonitorExec { Id = "", Process = new Process() };
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "id" => value with { Id = json.RequiredText() },
                "process" => value with { Process = json.Object(RuntimeReader.ReadProcess) ?? throw JsonReading.Missing("process") },
                "openStdin" => value with { OpenStdin = json.Bool() },
                "attach" => value with { Attach = json.Object(ReadMonitorAttachment) },
                _ => json.Skip(value),
            };
        }

        return value is { Id.Length: > 0, Process.Args: not null } ? value : throw JsonReading.Missing("id, process");
    }

    private static MonitorResize ReadMonitorResize(ref Utf8JsonReader json)
    {
        var value = new MonitorResize();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "exec" => value with { Exec = json.Text() },
                "rows" => value with { Rows = json.UShort() },
                "columns" => value with { Columns = json.UShort() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MonitorSignal ReadMonitorSignal(ref Utf8JsonReader json)
    {
        var value = new MonitorSignal();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "exec" => value with { Exec = json.Text() },
                "signal" => value with { Signal = json.Int() },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MonitorPorts ReadMonitorPorts(ref Utf8JsonReader json)
    {
        var value = new MonitorPorts();
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "add" => value with { Add = json.List(ReadMonitorPort) ?? [] },
                "remove" => value with { Remove = json.List(ReadMonitorPortKey) ?? [] },
                _ => json.Skip(value),
            };
        }

        return value;
    }

    private static MonitorPort ReadMonitorPort(ref Utf8JsonReader json)
    {
        var value = new MonitorPort { Protocol = "", HostAddress = "" };
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "protocol" => value with { Protocol = json.RequiredText() },
                "hostAddress" => value with { HostAddress = json.RequiredText() },
                "hostPort" => value with { HostPort = json.UShort() },
                "mode" => value with { Mode = Mode(json.RequiredText()) },
                "targetAddress" => value with { TargetAddress = json.Text() },
                "targetPort" => value with { TargetPort = json.UShort() },
                "targetPrefixLength" => value with { TargetPrefixLength = json.Int() },
                _ => json.Skip(value),
            };
        }

        return value is { Protocol.Length: > 0, HostAddress.Length: > 0 } ? value : throw JsonReading.Missing("protocol, hostAddress");
    }

    private static MonitorPortMode Mode(string name) => name switch
    {
        "hold" => MonitorPortMode.Hold,
        "proxy" => MonitorPortMode.Proxy,
        "transparent" => MonitorPortMode.Transparent,
        _ => throw new JsonException($"a mode is \"{name}\"; it may be hold, proxy or transparent"),
    };

    private static MonitorPortKey ReadMonitorPortKey(ref Utf8JsonReader json)
    {
        var value = new MonitorPortKey { Protocol = "", HostAddress = "" };
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "protocol" => value with { Protocol = json.RequiredText() },
                "hostAddress" => value with { HostAddress = json.RequiredText() },
                "hostPort" => value with { HostPort = json.UShort() },
                _ => json.Skip(value),
            };
        }

        return value is { Protocol.Length: > 0, HostAddress.Length: > 0 } ? value : throw JsonReading.Missing("protocol, hostAddress");
    }
}
