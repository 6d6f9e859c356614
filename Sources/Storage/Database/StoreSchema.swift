import Core
import GRDB

/// The tables of a store, by migrations that are never edited once released.
enum StoreSchema {
  /// - Parameter seals: what brings a file up to date needs them; who only asks how old it is does not.
  static func migrator(_ seals: RowSeals? = nil) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 journal, vault, ledger") { database in
      try database.execute(
        sql: """
          CREATE TABLE assistants (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            UNIQUE (name, content_hash)
          ) STRICT;

          CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            call TEXT NOT NULL UNIQUE,
            conversation TEXT NOT NULL,
            tenant TEXT NOT NULL,
            person TEXT,
            assistant INTEGER NOT NULL REFERENCES assistants (id),
            started_at_ms INTEGER NOT NULL,
            ended_at_us INTEGER,
            lines INTEGER NOT NULL,
            head BLOB NOT NULL
          ) STRICT;
          CREATE INDEX calls_by_start ON calls (started_at_ms);

          CREATE TABLE journal (
            call INTEGER NOT NULL REFERENCES calls (id),
            sequence INTEGER NOT NULL,
            conversation TEXT NOT NULL,
            instant_us INTEGER NOT NULL,
            kind TEXT NOT NULL,
            schema INTEGER NOT NULL,
            assistant INTEGER NOT NULL REFERENCES assistants (id),
            payload BLOB NOT NULL,
            digest BLOB NOT NULL,
            PRIMARY KEY (call, sequence)
          ) STRICT, WITHOUT ROWID;

          CREATE TABLE vault_keys (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            wrapped BLOB NOT NULL
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX vault_keys_by_owner ON vault_keys (owner, created_at_ms, id);

          CREATE TABLE vault_values (
            owner TEXT NOT NULL,
            token TEXT NOT NULL,
            key TEXT NOT NULL,
            label TEXT NOT NULL,
            box BLOB NOT NULL,
            PRIMARY KEY (owner, token)
          ) STRICT, WITHOUT ROWID;

          CREATE TABLE vault_erasures (owner TEXT PRIMARY KEY, erased_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

          CREATE TABLE effects (
            key TEXT PRIMARY KEY,
            call TEXT NOT NULL,
            intent BLOB NOT NULL,
            schema INTEGER NOT NULL,
            is_open INTEGER NOT NULL,
            outcome BLOB,
            intended_at_ms INTEGER NOT NULL,
            settled_at_ms INTEGER
          ) STRICT;
          CREATE INDEX effects_open ON effects (intended_at_ms) WHERE is_open;

          CREATE TABLE store_marks (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("2 runs") { database in
      try database.execute(
        sql: """
          CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run TEXT NOT NULL UNIQUE,
            use TEXT NOT NULL,
            node TEXT NOT NULL,
            process INTEGER NOT NULL,
            started_at_ms INTEGER NOT NULL
          ) STRICT;

          ALTER TABLE calls ADD COLUMN run INTEGER REFERENCES runs (id);
          CREATE INDEX calls_open ON calls (id) WHERE ended_at_us IS NULL;
          CREATE INDEX effects_by_call ON effects (call);
          """)
    }
    migrator.registerMigration("3 effects name who asked whom") { database in
      try database.execute(
        sql: """
          ALTER TABLE effects ADD COLUMN assistant TEXT;
          ALTER TABLE effects ADD COLUMN content_hash TEXT;
          ALTER TABLE effects ADD COLUMN node TEXT;
          ALTER TABLE effects ADD COLUMN back_end TEXT;
          ALTER TABLE effects ADD COLUMN is_accepted INTEGER NOT NULL DEFAULT 0;
          """)
    }
    migrator.registerMigration("4 callers are identified later") { database in
      // The owner a key was made for, which its boxes name, when it has another one since.
      try database.execute(
        sql: """
          ALTER TABLE vault_keys ADD COLUMN made_for TEXT;
          CREATE INDEX vault_keys_by_first_owner ON vault_keys (made_for) WHERE made_for IS NOT NULL;
          CREATE INDEX calls_by_person ON calls (tenant, person) WHERE person IS NOT NULL;
          """)
    }
    migrator.registerMigration("5 which call had activity, how calls stand") { database in
      // Counted, not timed: clocks are set. Calls from before count by their start.
      let landmarks = JournalRecord.landmarks.map { "'\($0)'" }.joined(separator: ", ")
      try database.execute(
        sql: """
          ALTER TABLE calls ADD COLUMN activity INTEGER NOT NULL DEFAULT 0;
          CREATE INDEX calls_by_activity ON calls (activity);
          CREATE INDEX journal_landmarks ON journal (call, sequence) WHERE kind IN (\(landmarks));
          """)
    }
    migrator.registerMigration("6 seals") { database in
      guard let seals else { throw keyMissing }
      try database.execute(
        sql: "ALTER TABLE calls ADD COLUMN seal BLOB; ALTER TABLE effects ADD COLUMN seal BLOB;")
      // Nobody looks a key up by whom it was made for any more.
      try database.execute(sql: "DROP INDEX vault_keys_by_first_owner")
      for table in [RowSeals.Table.calls, .effects] {
        try seals.sealEarlier(table, database)
        try RowCount(table: table, seals: seals).begin(database)
      }
    }
    migrator.registerMigration("7 seals of runs and vault") { database in
      guard let seals else { throw keyMissing }
      for table in [RowSeals.Table.runs, .keys, .values, .erasures] {
        try database.execute(sql: "ALTER TABLE \(table.rawValue) ADD COLUMN seal BLOB")
        try seals.sealEarlier(table, database)
        try RowCount(table: table, seals: seals).begin(database)
      }
    }
    return migrator
  }

  private static let keyMissing = StorageError(
    "key_missing", "The file cannot be brought up to date without the vault's key")
}
