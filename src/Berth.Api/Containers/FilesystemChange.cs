namespace Berth.Api;

public sealed record FilesystemChange
{
    public string? Path { get; init; }

    public long? Kind { get; init; }
}
