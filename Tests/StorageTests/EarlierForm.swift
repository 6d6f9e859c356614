/// Takes a file back to the form in which a release left it.
enum EarlierForm {
  /// Without seals of runs and of the vault.
  static let beforeSealsOfRunsAndVault = """
    ALTER TABLE runs DROP COLUMN seal;
    ALTER TABLE vault_keys DROP COLUMN seal;
    ALTER TABLE vault_values DROP COLUMN seal;
    ALTER TABLE vault_erasures DROP COLUMN seal;
    DELETE FROM store_marks WHERE name IN
      ('count of runs', 'count of vault_keys', 'count of vault_values', 'count of vault_erasures');
    DELETE FROM grdb_migrations WHERE identifier LIKE '7%';
    """

  /// Without any seals.
  static let beforeSeals =
    beforeSealsOfRunsAndVault + """

      ALTER TABLE calls DROP COLUMN seal;
      ALTER TABLE effects DROP COLUMN seal;
      DELETE FROM store_marks WHERE name LIKE 'count%';
      DELETE FROM grdb_migrations WHERE identifier LIKE '6%';
      CREATE INDEX vault_keys_by_first_owner ON vault_keys (made_for) WHERE made_for IS NOT NULL;
      """
}
