using System.Text.Json;

using Berth.Storage.Database;

using Microsoft.Data.Sqlite;

namespace Berth.Engine.Volumes;

/// <summary>The tables volumes and container_volumes. The latter counts the references: one row for each container that has the volume.</summary>
internal static class VolumeRows
{
    private const string Columns =
        "SELECT name, created, document, (SELECT COUNT(*) FROM container_volumes WHERE volume = name) FROM volumes";

    /// <summary>False: there is one of that name.</summary>
    public static bool TryInsert(Transaction transaction, string name, VolumeDocument document) => transaction.TryInsert(
        "INSERT INTO volumes (name, driver, anonymous, document, created) VALUES (@name, 'local', @anonymous, @document, @created)",
        ("@name", name),
        ("@anonymous", document.Anonymous ? 1 : 0),
        ("@document", JsonSerializer.Serialize(document, EngineJson.Default.VolumeDocument)),
        ("@created", Clock.Now()));

    public static void Use(Transaction transaction, string container, string volume) => transaction.Execute(
        "INSERT OR IGNORE INTO container_volumes (container, volume) VALUES (@container, @volume)", ("@container", container), ("@volume", volume));

    /// <summary>False: there is none, or a container has it.</summary>
    public static bool TryDeleteUnused(Transaction transaction, string name) => transaction.Execute(
        "DELETE FROM volumes WHERE name = @name AND NOT EXISTS (SELECT 1 FROM container_volumes WHERE volume = @name)", ("@name", name)) > 0;

    public static VolumeRecord? Find(Session session, string name) => session.First(Columns + " WHERE name = @name", Read, ("@name", name));

    public static IReadOnlyList<VolumeRecord> All(Session session) => session.Query(Columns + " ORDER BY name", Read);

    /// <summary>The ids of the containers that have it.</summary>
    public static IReadOnlyList<string> Users(Session session, string name) =>
        session.Query("SELECT container FROM container_volumes WHERE volume = @name", r => r.GetString(0), ("@name", name));

    private static VolumeRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        Clock.ToTime(row.GetInt64(1)),
        JsonSerializer.Deserialize(row.GetString(2), EngineJson.Default.VolumeDocument)!,
        row.GetInt32(3));
}
