public import Core

/// Everything the engine is told.
public enum DialogueInput: Hashable, Sendable {
  /// The conversation begins.
  case begin
  /// What understanding made of a turn of the caller, best first; empty when it found nothing.
  case commands(TurnNumber, [ProposedCommand])
  /// The caller said nothing; how many times in a row, from 1.
  case silence(count: Int)
  /// How a tool went.
  case toolFinished(EffectID, ToolOutcome)
  /// How a transfer went.
  case transferFinished(EffectID, TransferOutcome)
  /// The last must-be-heard sentence was played to its end.
  case heard
  /// The caller is gone.
  case hungUp
  /// The caller is back, on a line of this kind, after the conversation was suspended.
  case returned(Channel)
}

/// The civil time of an input.
public struct DialogueClock: Hashable, Sendable {
  /// Today.
  public let today: CivilDate
  /// Minutes since midnight.
  public let minuteOfDay: Int
  /// A reading.
  public init(today: CivilDate, minuteOfDay: Int) {
    self.today = today
    self.minuteOfDay = minuteOfDay
  }
}

extension ProposedCommand {
  /// The proposer of commands that come from a button's payload: such a one may fill slots that callers' words may not.
  public static let payloadProposer = "payload"
}
