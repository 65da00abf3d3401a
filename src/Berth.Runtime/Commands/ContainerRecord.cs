using System.Text.Json;

using Berth.Oci.Json;

namespace Berth.Runtime.Commands;

/// <summary>state.json of a container in the runtime's root folder; config.json lies beside it.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required string Bundle { get; init; }

    public required int Pid { get; init; }

    /// <summary>Field 22 of /proc/PID/stat: a later process of the same number is another.</summary>
    public required ulong PidStartTime { get; init; }

    /// <summary>Relative to each hierarchy's root.</summary>
    public required string Cgroup { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The program was let go.</summary>
    public bool Started { get; init; }

    /// <exception cref="JsonException">It is malformed.</exception>
    public static ContainerRecord Read(ReadOnlySpan<byte> text) => JsonReading.Whole(text, Read);

    public byte[] ToBytes() => JsonText.Object(j => j
        .Member("id", Id)
        .Member("bundle", Bundle)
        .Member("pid", Pid)
        .Member("pidStartTime", PidStartTime)
        .Member("cgroup", Cgroup)
        .Member("created", Created)
        .Member("started", Started)).ToBytes();

    private static ContainerRecord Read(ref Utf8JsonReader json)
    {
        var value = new ContainerRecord { Id = "", Bundle = "", Pid = 0, PidStartTime = 0, Cgroup = "", Created = default };
        while (json.NextMember(out string name))
        {
            value = name switch
            {
                "id" => value with { Id = json.RequiredText() },
                "bundle" => value with { Bundle = json.RequiredText() },
                "pid" => value with { Pid = json.Int() },
                "pidStartTime" => value with { PidStartTime = json.ULong() },
                "cgroup" => value with { Cgroup = json.RequiredText() },
                "created" => value with { Created = json.Time() },
                "started" => value with { Started = json.Bool() },
                _ => json.Skip(value),
            };
        }

        return value is { Id.Length: > 0, Cgroup.Length: > 0, Pid: > 0 } ? value : throw JsonReading.Missing("id, cgroup, pid");
    }
}
