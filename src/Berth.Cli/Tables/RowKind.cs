namespace Berth.Cli.Tables;

/// <summary>A kind of row: what columns it has and how it is shown when nothing else is asked for.</summary>
/// <param name="TypeName">What Docker's error messages call it.</param>
/// <param name="Fields">Its columns.</param>
internal sealed record RowKind<T>(string TypeName, RowField<T>[] Fields)
{
    /// <summary>The labels of a row, where it has any: for {{.Label "key"}}.</summary>
    public Func<T, string, string>? Label { get; init; }
}
