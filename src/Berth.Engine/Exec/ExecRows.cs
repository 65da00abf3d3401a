using System.Text.Json;

using Berth.Storage.Database;

using Microsoft.Data.Sqlite;

namespace Berth.Engine.Exec;

/// <summary>The table execs. Its rows go with their container's.</summary>
internal static class ExecRows
{
    public static void Insert(Transaction transaction, ExecDocument document) => transaction.Execute(
        "INSERT INTO execs (id, container, document, state, created) VALUES (@id, @container, @document, @state, @created)",
        ("@id", document.Id),
        ("@container", document.Container),
        ("@document", JsonSerializer.Serialize(document, EngineJson.Default.ExecDocument)),
        ("@state", Text(new ExecStatus())),
        ("@created", Clock.Now()));

    /// <summary>False: the container was removed, and its execs with it.</summary>
    public static bool Update(Transaction transaction, string id, ExecStatus status) =>
        transaction.Execute("UPDATE execs SET state = @state WHERE id = @id", ("@id", id), ("@state", Text(status))) > 0;

    public static void Delete(Transaction transaction, string id) => transaction.Execute("DELETE FROM execs WHERE id = @id", ("@id", id));

    public static IReadOnlyList<(ExecDocument Document, ExecStatus Status)> All(Session session) => session.Query("SELECT document, state FROM execs", Read);

    private static (ExecDocument Document, ExecStatus Status) Read(SqliteDataReader row) => (
        JsonSerializer.Deserialize(row.GetString(0), EngineJson.Default.ExecDocument)!,
        JsonSerializer.Deserialize(row.GetString(1), EngineJson.Default.ExecStatus)!);

    private static string Text(ExecStatus status) => JsonSerializer.Serialize(status, EngineJson.Default.ExecStatus);
}
