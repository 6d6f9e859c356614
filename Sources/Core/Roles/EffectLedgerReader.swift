/// An intended change as the ledger has it.
public struct LedgeredEffect: Hashable, Sendable {
  /// The intent.
  public let intent: EffectIntent
  /// What is known of its outcome; nil: nothing yet. `unknown`: a probe could not tell.
  public let outcome: ToolOutcome?
  /// When it was intended, milliseconds since the epoch.
  public let intendedAt: Int64
  /// Whether its call goes on in a process that lives, so that its outcome may still come by itself.
  public let isUnderWay: Bool
  /// What the seal over all this says.
  public let seal: Seal

  /// An effect.
  public init(
    intent: EffectIntent, outcome: ToolOutcome?, intendedAt: Int64, isUnderWay: Bool, seal: Seal = .unchecked
  ) {
    self.intent = intent
    self.outcome = outcome
    self.intendedAt = intendedAt
    self.isUnderWay = isUnderWay
    self.seal = seal
  }
}

/// Where the book of intended changes is read, beside who writes it.
public protocol EffectLedgerReader: Sendable {
  /// The calls that intended or ran a tool, oldest first: where ledger and journal can be compared.
  func calls() async throws -> [CallID]
  /// A call's effects, in the order they were intended.
  func effects(of call: CallID) async throws -> [LedgeredEffect]
}
