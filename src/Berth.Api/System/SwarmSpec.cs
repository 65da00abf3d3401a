namespace Berth.Api;

public sealed record SwarmSpec
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public SwarmSpecOrchestration? Orchestration { get; init; }

    public SwarmSpecRaft? Raft { get; init; }

    public SwarmSpecDispatcher? Dispatcher { get; init; }

    public SwarmSpecCAConfig? CAConfig { get; init; }

    public SwarmSpecEncryptionConfig? EncryptionConfig { get; init; }

    public SwarmSpecTaskDefaults? TaskDefaults { get; init; }
}
