namespace Berth.Api;

public sealed record SwarmSpecEncryptionConfig
{
    public bool? AutoLockManagers { get; init; }
}
