internal import Conversation
internal import Core

/// The judge of whether a conversation can be gone on with: for those who go on with one, and for those who list what there is.
enum Continuation {
  /// What is in the way.
  enum Obstacle: Error, Hashable {
    case altered
    /// Its journal does not begin with a start.
    case notBegun
    case anotherVersion(AssistantVersion, answering: AssistantVersion)
    case erased
    /// A process that lives has it.
    case underWay
    case conversation(Resumption.Obstacle)

    /// Whether it is over for good.
    var isOver: Bool { self == .conversation(.over) || self == .conversation(.expired) }

    /// For people.
    var words: String {
      switch self {
      case .altered: "its journal was altered"
      case .notBegun, .conversation(.notBegun): "its journal does not begin with a start"
      case .anotherVersion(let version, let answering): "it was had with \(version), and \(answering) answers now"
      case .erased: "what was said in it was erased"
      case .underWay: "it is under way"
      case .conversation(.decidesOtherwise(let line)):
        "today's server would have decided otherwise at line \(line) of its journal"
      case .conversation(.over): "it is over"
      case .conversation(.expired): "it was left more than two weeks ago"
      }
    }
  }

  /// What is in the way as far as it shows before the conversation is folded; nil: nothing.
  ///
  /// - Parameters:
  ///   - answering: the version that would go on with it; nil: the one that had it.
  ///   - isFree: whether no process has it.
  static func obstacle(of reading: JournalReading, answering: AssistantVersion? = nil, isFree: Bool = true) -> Obstacle?
  {
    if reading.isAltered { return .altered }
    guard case .started(_, let version)? = reading.entries.first?.record else { return .notBegun }
    if let answering, version != answering { return .anotherVersion(version, answering: answering) }
    if reading.erased > 0 { return .erased }
    return isFree ? nil : .underWay
  }

  /// What it takes to go on with a conversation. Throws `Obstacle`, and what `revealing` throws.
  ///
  /// - Parameters:
  ///   - now: the wall clock, milliseconds since the epoch.
  ///   - revealing: gives the lines with their values in clear, of the owner; who only asks gives them as they are.
  static func judge(
    _ reading: JournalReading, assistant: PreparedAssistant, isFree: Bool = true, at now: Int64,
    revealing: ([JournalEntry], DataOwner) async throws -> [JournalEntry] = { entries, _ in entries }
  ) async throws -> Resumption {
    if let obstacle = obstacle(of: reading, answering: assistant.definition.version, isFree: isFree) { throw obstacle }
    guard case .started(let start, _)? = reading.entries.first?.record else { throw Obstacle.notBegun }
    let entries = try await revealing(reading.entries, start.owner)
    do throws(Resumption.Obstacle) {
      return try Resumption(entries, assistant: assistant, at: now)
    } catch {
      throw Obstacle.conversation(error)
    }
  }
}
