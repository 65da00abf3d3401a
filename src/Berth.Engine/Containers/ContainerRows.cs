using System.Text.Json;

using Berth.Images;
using Berth.Storage.Database;

using Microsoft.Data.Sqlite;

namespace Berth.Engine.Containers;

/// <summary>The table containers.</summary>
internal static class ContainerRows
{
    /// <summary>False: the name is taken.</summary>
    public static bool TryInsert(Transaction transaction, ContainerRecord record)
    {
        ImageUsage.Touch(transaction, record.Document.ImageId);
        return TryInsertRow(transaction, record);
    }

    private static bool TryInsertRow(Transaction transaction, ContainerRecord record) => transaction.TryInsert(
        "INSERT INTO containers (id, name, image, phase, document, state, created) VALUES (@id, @name, @image, @phase, @document, @state, @created)",
        ("@id", record.Id),
        ("@name", record.Name),
        ("@image", record.Document.ImageId),
        ("@phase", Text(record.Phase)),
        ("@document", JsonSerializer.Serialize(record.Document, EngineJson.Default.ContainerDocument)),
        ("@state", JsonSerializer.Serialize(record.Status, EngineJson.Default.ContainerStatus)),
        ("@created", Clock.FromTime(record.Document.Created)));

    public static void Update(Transaction transaction, ContainerRecord record) => transaction.Execute(
        "UPDATE containers SET phase = @phase, state = @state, version = version + 1 WHERE id = @id",
        ("@id", record.Id),
        ("@phase", Text(record.Phase)),
        ("@state", JsonSerializer.Serialize(record.Status, EngineJson.Default.ContainerStatus)));

    /// <summary>What it is has changed, as by an update of its ports.</summary>
    public static void UpdateDocument(Transaction transaction, ContainerRecord record) => transaction.Execute(
        "UPDATE containers SET document = @document WHERE id = @id",
        ("@id", record.Id),
        ("@document", JsonSerializer.Serialize(record.Document, EngineJson.Default.ContainerDocument)));

    /// <summary>False: the name is taken.</summary>
    public static bool TryRename(Transaction transaction, string id, string name) =>
        transaction.TryInsert("UPDATE containers SET name = @name, version = version + 1 WHERE id = @id", ("@id", id), ("@name", name));

    public static void Delete(Transaction transaction, string id)
    {
        ImageUsage.TouchOf(transaction, id);
        transaction.Execute("DELETE FROM containers WHERE id = @id", ("@id", id));
    }

    public static IReadOnlyList<ContainerRecord> All(Session session) =>
        session.Query("SELECT name, phase, document, state FROM containers", Read);

    private static ContainerRecord Read(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        Phase = Enum.Parse<Phase>(row.GetString(1), ignoreCase: true),
        Document = JsonSerializer.Deserialize(row.GetString(2), EngineJson.Default.ContainerDocument)!,
        Status = JsonSerializer.Deserialize(row.GetString(3), EngineJson.Default.ContainerStatus)!,
    };

    private static string Text(Phase phase) => phase.ToString().ToLowerInvariant();
}
