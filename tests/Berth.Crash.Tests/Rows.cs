using Berth.Testing.Daemons;
using Microsoft.Data.Sqlite;

namespace Berth.Crash.Tests;

/// <summary>Reads a daemon's database beside it.</summary>
internal static class Rows
{
    /// <summary>The first column of every row of a query.</summary>
    public static HashSet<string> Of(TestDaemon daemon, string query)
    {
        using var connection = new SqliteConnection($"Data Source={daemon.DataRoot}/berth.db;Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own text
        command.CommandText = query;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new HashSet<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
