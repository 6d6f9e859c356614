public import Core
public import Governance
public import Logging

/// What sessions need of the server, whichever assistant answers: every one a role, so that tests and other engines fit in.
public struct SessionServices: Sendable {
  /// Where it is written down.
  public let journal: any Journal
  /// Where callers' values lie.
  public let vault: any Vault
  /// Makes words of speech; nil on servers without sound.
  public let recognizer: (any SpeechRecognizer)?
  /// Where a destination is reached; nil when it cannot be.
  public let reach: @Sendable (TransferDestination) -> Reach?
  /// What callers hear or read of their own values.
  public let policy: DataPolicy
  /// How callers are handed over by a call of our own; nil where that cannot be.
  public let bridging: Bridging?
  /// Whether who writes may type commands, as test cases do: `/flow`, `/SetSlots(slot=value)`.
  public let takesCommands: Bool
  /// Told how the engines and back ends do.
  public let engines: EngineWatch
  /// Where operators read; no caller's data goes there.
  public let logger: Logger

  /// The services of sessions.
  ///
  /// - Parameter engines: one for all calls of a server; nil: one of its own.
  public init(
    journal: any Journal, vault: any Vault, recognizer: (any SpeechRecognizer)?,
    reach: @escaping @Sendable (TransferDestination) -> Reach?, policy: DataPolicy,
    bridging: Bridging? = nil, takesCommands: Bool = false, engines: EngineWatch? = nil, logger: Logger
  ) {
    self.journal = journal
    self.vault = vault
    self.recognizer = recognizer
    self.reach = reach
    self.policy = policy
    self.bridging = bridging
    self.takesCommands = takesCommands
    self.engines = engines ?? EngineWatch(logger: logger)
    self.logger = logger
  }
}
