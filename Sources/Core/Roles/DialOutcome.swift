/// Why a call of ours was not answered.
public enum DialOutcome: String, Hashable, Sendable, CaseIterable {
  /// The other side talks already.
  case busy
  /// It rang, and nobody took it.
  case noAnswer = "no_answer"
  /// The other side does not want it.
  case declined
  /// Nobody is there now.
  case unavailable
  /// No such place, or no way to it.
  case unreachable
  /// Nothing that both sides can hear.
  case notAcceptable = "not_acceptable"
  /// We gave it up.
  case cancelled

  /// What it means for a caller who was to be handed over.
  public var transferOutcome: TransferOutcome {
    switch self {
    case .busy: .busy
    case .declined: .declined
    case .noAnswer, .unavailable, .cancelled: .noAnswer
    case .unreachable, .notAcceptable: .unreachable
    }
  }
}
