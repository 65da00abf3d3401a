namespace Berth.Api;

public sealed record ExecStartRequest
{
    public bool? Detach { get; init; }

    public bool? Tty { get; init; }

    public IReadOnlyList<long>? ConsoleSize { get; init; }
}
