namespace Berth.Oci.Runtime;

/// <summary>One action for calls of these names, when all conditions on arguments hold.</summary>
public sealed record SeccompRule
{
    public IReadOnlyList<string>? Names { get; init; }

    public string? Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<SeccompArgument>? Args { get; init; }
}
