namespace Berth.Linux.NfTables;

/// <summary>A rule: what a packet must match, then what happens to it.</summary>
/// <param name="Comment">Shown by "nft list"; at most 127 bytes (NFTNL_UDATA_COMMENT_MAXLEN).</param>
/// <param name="Statements">In order; the last is the verdict.</param>
public sealed record NfRule(string? Comment, params IReadOnlyList<NfStatement> Statements)
{
    public override string ToString() => string.Join(' ', Statements) + (Comment is null ? "" : $" comment \"{Comment}\"");
}
