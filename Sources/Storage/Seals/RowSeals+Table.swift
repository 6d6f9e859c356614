extension RowSeals {
  /// A table whose rows are sealed.
  enum Table: String, Sendable, CaseIterable {
    /// Heads of calls, with the names of assistant and run for their numbers.
    case calls
    /// The book of intended changes.
    case effects
    /// The processes that opened the store.
    case runs
    /// The wrapped keys of persons and calls.
    case keys = "vault_keys"
    /// The encrypted values, with whether they lie where their key does.
    case values = "vault_values"
    /// What was erased.
    case erasures = "vault_erasures"

    /// Columns that no row changes.
    var fixed: [String] {
      switch self {
      case .calls: ["calls.id", "calls.call", "conversation", "tenant", "name", "content_hash", "calls.started_at_ms"]
      case .effects:
        [
          "key", "call", "intent", "schema", "intended_at_ms", "assistant", "content_hash", "node", "back_end",
        ]
      case .runs: ["id", "run", "use", "node", "process", "started_at_ms"]
      case .keys: ["id", "created_at_ms"]
      case .values: ["token", "key", "label", "box", "vault_values.owner = vault_keys.owner"]
      case .erasures: ["owner", "erased_at_ms"]
      }
    }
    private var changing: [String] {
      switch self {
      case .calls:
        [
          "person", "ended_at_us", "lines", "head", "activity", "runs.run", "runs.use", "runs.node", "runs.process",
          "runs.started_at_ms",
        ]
      case .effects: ["is_open", "outcome", "settled_at_ms", "is_accepted"]
      case .runs, .values, .erasures: []
      case .keys: ["owner", "made_for", "wrapped"]
      }
    }
    private var source: String {
      switch self {
      case .calls:
        "calls LEFT JOIN assistants ON assistants.id = calls.assistant LEFT JOIN runs ON runs.id = calls.run"
      case .values: "vault_values LEFT JOIN vault_keys ON vault_keys.id = key"
      case .effects, .runs, .keys, .erasures: rawValue
      }
    }
    /// The columns that name a row.
    private var names: [String] {
      switch self {
      case .calls: ["calls.id"]
      case .effects: ["key"]
      case .runs, .keys: ["id"]
      case .values: ["vault_values.owner", "token"]
      case .erasures: ["owner"]
      }
    }
    /// Finds the row of a name.
    var isNamed: String { names.map { $0 + " = ?" }.joined(separator: " AND ") }
    /// How many columns name a row.
    var nameCount: Int { names.count }
    /// All rows, for `verdict`; a condition may follow.
    var selection: String {
      "SELECT \((fixed + changing).joined(separator: ", ")), \(rawValue).seal FROM \(source)"
    }
    /// All rows of a file that has no seals: what names them, and what never changes.
    var unsealed: String { "SELECT \((names + fixed).joined(separator: ", ")) FROM \(source)" }
  }
}
