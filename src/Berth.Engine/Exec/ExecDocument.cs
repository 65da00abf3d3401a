using Berth.Api;

namespace Berth.Engine.Exec;

/// <summary>What an exec is: written once.</summary>
public sealed record ExecDocument
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string Container { get; init; }

    public required ExecCreateRequest Request { get; init; }
}
