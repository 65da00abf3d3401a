using System.Runtime.InteropServices;

using Microsoft.Data.Sqlite;

namespace Berth.Storage.Database;

/// <summary>A connection with its prepared statements: reads. Values are bound by name, so no text of a user ever becomes SQL.</summary>
public class Session : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    internal Session(SqliteConnection connection) => _connection = connection;

    internal SqliteTransaction? Current { get; set; }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var rows = new List<T>();
        using SqliteDataReader reader = Command(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The first row, or the default value where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteDataReader reader = Command(sql, values).ExecuteReader();
        return reader.Read() ? row(reader) : default;
    }

    /// <summary>Whether a query has a row.</summary>
    public bool Any(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteDataReader reader = Command(sql, values).ExecuteReader();
        return reader.Read();
    }

    /// <summary>The first number of the first row; 0 where it is null or missing.</summary>
    public long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        First(sql, r => r.IsDBNull(0) ? 0 : r.GetInt64(0), values);

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
        _connection.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        // Every statement text is a constant of the program, so the cache is bounded by the program's size.
        ref SqliteCommand? command = ref CollectionsMarshal.GetValueRefOrAddDefault(_prepared, sql, out _);
        if (command is null)
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
        }

        command.Transaction = Current;
        command.Parameters.Clear();
        foreach ((string name, object? value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
