/// Why a call that the server placed was not answered.
public enum DialOutcome: String, Hashable, Sendable, Codable, CaseIterable {
  case busy
  /// Nobody answered in time, or nothing answered at all.
  case noAnswer = "no_answer"
  /// The person does not want the call.
  case declined
  /// Nobody is there: not registered, not known, gone.
  case unavailable
  /// The other side has moved and says where; redirections are not followed.
  case moved
  /// The other side does not let us: no password or a wrong one, forbidden.
  case refused
  /// The network could not reach the other side, or it failed.
  case unreachable
  /// No audio was agreed on.
  case notAcceptable = "not_acceptable"
  /// We gave up before the answer.
  case cancelled
  /// No room for another call here, or the server is about to stop.
  case overloaded

  /// What it means for a caller who was to be handed over.
  public var transferOutcome: TransferOutcome {
    switch self {
    case .busy: .busy
    case .declined: .declined
    case .noAnswer, .unavailable, .cancelled: .noAnswer
    case .moved, .refused, .unreachable, .notAcceptable, .overloaded: .unreachable
    }
  }
}
