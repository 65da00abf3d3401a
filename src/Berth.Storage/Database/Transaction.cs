using Microsoft.Data.Sqlite;

namespace Berth.Storage.Database;

/// <summary>What a writer's closure gets: reads its own writes, and nobody else sees them before the commit.</summary>
public sealed class Transaction : Session
{
    private List<Action>? _onCommit;

    internal Transaction(SqliteConnection connection)
        : base(connection)
    {
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Command(sql, values).ExecuteNonQuery();

    /// <summary>As <see cref="Execute"/>, but false where a unique value is taken already.</summary>
    public bool TryInsert(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        try
        {
            return Execute(sql, values) > 0;
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode is ConstraintUnique or ConstraintPrimaryKey)
        {
            return false;
        }
    }

    /// <summary>Runs an action when this closure's changes are durable, before its task ends. Quick: it runs on the writer's thread, in the order of commits.</summary>
    public void OnCommit(Action action) => (_onCommit ??= []).Add(action);

    internal List<Action>? TakeActions() => Interlocked.Exchange(ref _onCommit, null);

    // sqlite.org/rescode.html
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;
}
