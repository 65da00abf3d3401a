using System.Text.Json.Serialization;

namespace Berth.Api;

public sealed record ExecCreateRequest
{
    public bool? AttachStdin { get; init; }

    public bool? AttachStdout { get; init; }

    public bool? AttachStderr { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<long>? ConsoleSize { get; init; }

    public string? DetachKeys { get; init; }

    public bool? Tty { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public bool? Privileged { get; init; }

    public string? User { get; init; }

    public string? WorkingDir { get; init; }
}
