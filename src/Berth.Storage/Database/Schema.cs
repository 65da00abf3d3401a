namespace Berth.Storage.Database;

/// <summary>
/// The tables of berth.db, all in one place. Times are nanoseconds since 1970 (as the API's). JSON columns hold records of the project that
/// owns the rows: images, layers, snapshots, blobs, leases: Berth.Storage and Berth.Images; containers, execs, volumes, events: Berth.Engine;
/// networks, endpoints, addresses: Berth.Network.
/// </summary>
internal static class Schema
{
    // Number N brings a database of version N to N + 1. Entries are only ever added.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE blobs (
            digest TEXT PRIMARY KEY, size INTEGER NOT NULL, created INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- A layer that was unpacked: which chain it completes, what it adds, and the blob it came from.
        CREATE TABLE layers (
            chain_id TEXT PRIMARY KEY, parent TEXT REFERENCES layers(chain_id), diff_id TEXT NOT NULL,
            blob TEXT NOT NULL, media_type TEXT NOT NULL, size INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX layers_by_parent ON layers(parent);

        -- id names the folder. An active snapshot has a key, a committed one a chain ID, one being unpacked neither.
        CREATE TABLE snapshots (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, chain_id TEXT UNIQUE,
            parent INTEGER REFERENCES snapshots(id), volatile INTEGER NOT NULL DEFAULT 0, boot TEXT NOT NULL,
            created INTEGER NOT NULL
        );
        CREATE INDEX snapshots_by_parent ON snapshots(parent);

        CREATE TABLE leases (id TEXT PRIMARY KEY, created INTEGER NOT NULL, purpose TEXT NOT NULL) WITHOUT ROWID;
        -- What a lease keeps: kind is 'blob', 'chain', 'snapshot' or 'image'.
        CREATE TABLE lease_refs (
            lease TEXT NOT NULL REFERENCES leases(id) ON DELETE CASCADE, kind TEXT NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY (lease, kind, name)
        ) WITHOUT ROWID;

        -- id is the config's digest; the config itself is that blob. chain_id is null for an image without layers.
        CREATE TABLE images (
            id TEXT PRIMARY KEY, chain_id TEXT REFERENCES layers(chain_id), created INTEGER NOT NULL, size INTEGER NOT NULL,
            architecture TEXT NOT NULL, os TEXT NOT NULL, labels TEXT, added INTEGER NOT NULL, last_tagged INTEGER
        ) WITHOUT ROWID;
        CREATE INDEX images_by_chain ON images(chain_id);
        -- Blobs an image needs beside its layers' own: its config, manifests.
        CREATE TABLE image_blobs (
            image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE, digest TEXT NOT NULL REFERENCES blobs(digest),
            PRIMARY KEY (image, digest)
        ) WITHOUT ROWID;
        CREATE INDEX image_blobs_by_digest ON image_blobs(digest);
        -- name is canonical (docker.io/library/busybox:latest, or …@sha256:… for a digest).
        CREATE TABLE tags (name TEXT PRIMARY KEY, image TEXT NOT NULL REFERENCES images(id), repository TEXT NOT NULL, is_digest INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX tags_by_image ON tags(image);

        -- document: the configuration, written once; state: what changes. version counts the writes.
        CREATE TABLE containers (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, image TEXT, phase TEXT NOT NULL,
            document TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;
        CREATE INDEX containers_by_image ON containers(image);
        CREATE TABLE execs (
            id TEXT PRIMARY KEY, container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE, document TEXT NOT NULL,
            state TEXT NOT NULL, created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX execs_by_container ON execs(container);

        CREATE TABLE volumes (
            name TEXT PRIMARY KEY, driver TEXT NOT NULL, anonymous INTEGER NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE container_volumes (
            container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE, volume TEXT NOT NULL REFERENCES volumes(name),
            PRIMARY KEY (container, volume)
        ) WITHOUT ROWID;
        CREATE INDEX container_volumes_by_volume ON container_volumes(volume);

        CREATE TABLE networks (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, driver TEXT NOT NULL, document TEXT NOT NULL, created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE endpoints (
            id TEXT PRIMARY KEY, network TEXT NOT NULL REFERENCES networks(id), container TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE,
            document TEXT NOT NULL, created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX endpoints_by_container ON endpoints(container);
        CREATE INDEX endpoints_by_network ON endpoints(network);
        CREATE TABLE addresses (
            network TEXT NOT NULL REFERENCES networks(id), address TEXT NOT NULL, endpoint TEXT NOT NULL REFERENCES endpoints(id) ON DELETE CASCADE,
            PRIMARY KEY (network, address)
        ) WITHOUT ROWID;
        CREATE INDEX addresses_by_endpoint ON addresses(endpoint);

        CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, type TEXT NOT NULL, action TEXT NOT NULL,
            actor TEXT NOT NULL, document TEXT NOT NULL
        );
        CREATE INDEX events_by_time ON events(time);

        -- Single facts about this data root ('builtin-image': the built-in image was loaded once).
        CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        -- A lasting lease outlives its owner until the time it expires, so that work that was broken off finds what it had.
        ALTER TABLE leases ADD COLUMN lasting INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE leases ADD COLUMN expires INTEGER;
        """,
        """
        -- When it came, or a container was made of it or removed.
        ALTER TABLE images ADD COLUMN last_used INTEGER NOT NULL DEFAULT 0;
        UPDATE images SET last_used = added;
        """,
        """
        -- The image that a commit was made on; it may be gone. Only shown: layers are kept by their own chain.
        ALTER TABLE images ADD COLUMN parent TEXT;
        """,
        """
        -- What a push compressed a layer to that is stored uncompressed. Goes with the last layer of that diff ID.
        CREATE TABLE packed_layers (diff_id TEXT PRIMARY KEY, blob TEXT NOT NULL REFERENCES blobs(digest) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX packed_layers_by_blob ON packed_layers(blob);
        CREATE INDEX layers_by_diff_id ON layers(diff_id);
        """,
    ];

    /// <summary>Brings the database to this program's version, each step one transaction.</summary>
    public static void Migrate(Transaction database)
    {
        long version = database.Number("PRAGMA user_version");
        if (version > Migrations.Length)
        {
            throw EngineException.Unavailable(
                $"the database is of version {version}, this program knows {Migrations.Length}: it was written by a newer berthd; start that one");
        }

        for (; version < Migrations.Length; version++)
        {
            database.Execute($"BEGIN IMMEDIATE; {Migrations[version]} PRAGMA user_version={version + 1}; COMMIT");
        }
    }
}
