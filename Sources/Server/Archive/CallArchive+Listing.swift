internal import Assistant
internal import Conversation
internal import Core
public import Foundation
internal import Storage

extension CallArchive {
  /// Some of the calls there are.
  public struct Listing: Sendable, Encodable {
    /// These, newest first.
    public let calls: [Listed]
    /// How many there are in all.
    public let total: Int
    /// The call behind which the listing goes on; nil: there are no older ones.
    public let next: String?

    /// How many there are and how to see more; nil when nothing older is left.
    public var more: String? {
      next.map { "\(calls.count) of \(total) calls; older ones: --before \($0); all: --all" }
    }
  }

  /// A call in a listing.
  public struct Listed: Sendable, Encodable {
    /// The call.
    public let call: String
    /// When it began.
    public let startedAt: Date
    /// Its assistant.
    public let assistant: String
    /// The content hash of the assistant's version.
    public let hash: String
    /// How many lines its journal has.
    public let lines: Int
    /// Whether an end of its line is in the journal.
    public let hasEnded: Bool
    /// `under_way`, `left` (it has no line and waits for one), `not_ended` (its process is gone), `over`, or `altered` (its journal does
    /// not say how it stands).
    public let standing: String
    /// Whether it can be gone on with; nil: that is not known here, because its assistant is not at hand.
    public let canBeGoneOnWith: Bool?
    /// Until when; nil where nobody can, or nobody knows since when it waits.
    public let until: Date?
    /// Why it cannot be gone on with though it was left or has no end, or on what that depends.
    public let obstacle: String?
    /// Whether it can be seen that it is not as it was written, without its lines being read.
    public let isAltered: Bool
    /// One line for a terminal.
    public var text: String {
      var words: [String] = []
      switch standing {
      case CallStanding.Kind.over.rawValue: break
      case CallStanding.Kind.underWay.rawValue: words.append("under way")
      case CallStanding.Kind.left.rawValue: words.append("left")
      case CallStanding.Kind.notEnded.rawValue: words.append("not ended, its process is gone")
      default: break
      }
      if canBeGoneOnWith != false {
        words.append("can be gone on with" + (until.map { " until \($0.formatted(.iso8601))" } ?? ""))
      }
      if let obstacle { words.append((canBeGoneOnWith == false ? "cannot be gone on with: " : "") + obstacle) }
      if isAltered { words.append("ALTERED: repartee calls \(call) says how") }
      let version = AssistantVersion(name: assistant, contentHash: hash)
      return "\(call)\t\(startedAt.formatted(.iso8601))\t\(version)\t\(lines) lines"
        + (words.isEmpty ? "" : "\t" + words.joined(separator: ", "))
    }
  }

  /// The newest calls, newest first, and how each stands now.
  /// - Parameters:
  ///   - limit: how many.
  ///   - before: only those behind this one.
  ///   - folder: an assistant that need not be published or configured: whether conversations with it can be gone on with is told, too.
  public func listing(limit: Int = 200, before: String? = nil, assistant folder: String? = nil) async throws -> Listing
  {
    let reader = try open(reveal: false)
    let now = Date().millisecondsSinceEpoch
    var assistants = AssistantsAtHand(configuration, folder: folder)
    let page = max(0, limit)
    let found = try await reader.journal.calls(
      limit: page == .max ? page : page + 1, before: before.map { CallID($0) })
    var listed: [Listed] = []
    for call in found.prefix(page) {
      let standing = try? await standing(of: call.call, reader, &assistants, at: now)
      listed.append(
        Listed(
          call: call.call.rawValue, startedAt: Date(millisecondsSinceEpoch: call.startedAt),
          assistant: call.version.name, hash: call.version.contentHash, lines: call.lines, hasEnded: call.hasEnded,
          standing: standing?.kind.rawValue ?? CallSoundness.Result.altered.rawValue,
          canBeGoneOnWith: standing.map(\.canBeGoneOnWith) ?? false,
          until: standing?.until.map(Date.init(millisecondsSinceEpoch:)), obstacle: standing?.obstacle,
          isAltered: standing == nil || call.seal == .broken))
    }
    return Listing(
      calls: listed, total: try await reader.journal.callCount(),
      next: found.count > page ? found.dropFirst(page - 1).first?.call.rawValue : nil)
  }

  /// A new ticket to go on with a conversation that was left; those of before open it too, until somebody joins. Needs the
  /// vault's key.
  public func ticket(of id: String) async throws -> String {
    let reader = try open(reveal: false)
    let call = try await call(id, reader)
    var assistants = AssistantsAtHand(configuration, folder: nil)
    let standing = try await standing(
      of: call, reader, &assistants, at: Date().millisecondsSinceEpoch)
    guard standing.canBeGoneOnWith != false else {
      let reason = standing.obstacle ?? "it is \(standing.kind == .underWay ? "under way" : "over")"
      throw ServerError(
        .conversation, "conversation \(call) cannot be gone on with: \(reason)",
        hint: "repartee calls lists what there is")
    }
    return ResumptionTickets(try MasterKey.load(at: StorageFloor.keyPath(configuration))).ticket(
      for: ConversationID(call.rawValue), attachments: standing.attachments)
  }

  /// How a call stands: by its landmarks and, when these say that it may be gone on with, by the judge of those who go on
  /// (`Continuation`), who reads it whole.
  private func standing(
    of call: CallID, _ reader: SQLiteStoreReader, _ assistants: inout AssistantsAtHand, at now: Int64
  ) async throws -> CallStanding {
    let landmarks = try await reader.journal.landmarks(of: call)
    let standing = CallStanding(landmarks, isUnderWay: try await reader.ledger.isUnderWay(call), at: now)
    guard standing.canBeGoneOnWith == nil, case .started(_, let version)? = landmarks.first?.record else {
      return standing
    }
    let reading = try await reader.journal.read(call)
    guard let assistant = assistants.prepared(version) else {
      if let obstacle = Continuation.obstacle(of: reading) { return standing.judged(by: obstacle) }
      return standing.judged(
        canBeGoneOnWith: nil, until: standing.until,
        obstacle: "if \(version) says so, which is not at hand here (--assistant FOLDER)")
    }
    do {
      let resumption = try await Continuation.judge(reading, assistant: assistant, at: now)
      return standing.judged(canBeGoneOnWith: true, until: resumption.until, obstacle: nil)
    } catch let obstacle as Continuation.Obstacle {
      return standing.judged(by: obstacle)
    }
  }
}

/// The assistants that can be asked whether a conversation with them goes on, each read once.
private struct AssistantsAtHand {
  private let shelf: AssistantShelf
  private let sources: [ServerConfiguration.AssistantSource]
  private var known: [AssistantVersion: PreparedAssistant?] = [:]
  private var configured: [AssistantDefinition]?

  init(_ configuration: ServerConfiguration, folder: String?) {
    shelf = AssistantShelf(configuration)
    sources = (folder.map { [.folder($0)] } ?? []) + configuration.numbers.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Nil when that version is not here.
  mutating func prepared(_ version: AssistantVersion) -> PreparedAssistant? {
    if let known = known[version] { return known }
    let found = definition(version).map { PreparedAssistant($0) }
    known[version] = .some(found)
    return found
  }

  private mutating func definition(_ version: AssistantVersion) -> AssistantDefinition? {
    if let published = try? shelf.take(version)?.loaded.definition, published.version == version { return published }
    let all = configured ?? sources.compactMap { try? shelf.take($0).loaded.definition }
    configured = all
    return all.first { $0.version == version }
  }
}
