using Berth.Cli.Http;
using Berth.Linux.Files;
using Berth.Linux.Tracing;

namespace Berth.Cli;

/// <summary>One run of the program: its streams, its surroundings, its daemon.</summary>
/// <param name="program">The name it was called by, which messages use: "berth", or "docker".</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="environment">Looks up a variable; null: not set.</param>
internal sealed class Session(string program, Output output, Output error, Func<string, string?> environment)
{
    private ApiClient? api;

    public string Program => program;

    public Output Out => output;

    public Output Err => error;

    /// <summary>The address given with -H; null: the environment's, or the default.</summary>
    public string? Host { get; set; }

    public bool Debug { get; set; }

    /// <summary>Where the time of a run goes (bench/trace); the process ends with it, so nobody closes it.</summary>
    public TraceLog Trace { get; } = TraceLog.Open(environment("BERTH_TRACE"), "berth");

    /// <summary>The moment ages are counted to; tests stop it.</summary>
    public Func<DateTimeOffset> Now { get; init; } = static () => DateTimeOffset.UtcNow;

    /// <summary>Reads from standard input; 0: its end. Tests answer questions with it.</summary>
    public Func<byte[], int> Read { get; init; } = static buffer => StandardStream.Input.Read(buffer);

    public ApiClient Api => api ??= new ApiClient(Endpoint.Parse(Host ?? Variable("BERTH_HOST") ?? Variable("DOCKER_HOST") ?? ""), Variable("DOCKER_API_VERSION") ?? "");

    /// <summary>An environment variable; an empty one counts as not set.</summary>
    public string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
