namespace Berth.Oci.Runtime;

/// <summary>Condition on an argument.</summary>
public sealed record SeccompArgument
{
    public uint Index { get; init; }

    public ulong Value { get; init; }

    public ulong ValueTwo { get; init; }

    public string? Op { get; init; }
}
