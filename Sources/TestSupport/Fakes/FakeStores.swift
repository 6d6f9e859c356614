public import Core
internal import Synchronization

/// A journal in memory.
public final class MemoryJournal: Journal {
  private struct State {
    var entries: [JournalEntry] = []
    var closed: [CallID] = []
  }
  private let state = Mutex(State())

  /// An empty journal.
  public init() {}

  /// All lines.
  public var entries: [JournalEntry] { state.withLock { $0.entries } }

  public func append(_ entries: [JournalEntry]) { state.withLock { $0.entries += entries } }

  public func flush(_ call: CallID) async throws {}

  /// The calls of which nothing more was to come, in order.
  public var closed: [CallID] { state.withLock { $0.closed } }

  public func close(_ call: CallID) { state.withLock { $0.closed.append(call) } }
}

/// A vault in memory.
public final class MemoryVault: Vault {
  private let values = Mutex<[SensitiveToken: String]>([:])

  /// An empty vault.
  public init() {}

  public func protect(_ value: String, label: DataLabel, owner: DataOwner, ordinal: Int) -> Sensitive<String> {
    values.withLock { values in
      let known = values.first { $0.key.label == label && $0.value == value && $0.key.id.hasSuffix("-\(ordinal)") }
      let token = known?.key ?? SensitiveToken(label: label, id: "m\(values.count)-\(ordinal)")
      values[token] = value
      return Sensitive(token: token, value: value)
    }
  }

  public func reveal(_ token: SensitiveToken, owner: DataOwner) async throws -> String? {
    values.withLock { values in
      let parts = token.parts.map { part -> String? in
        switch part {
        case .literal(let text): text
        case .value(let id): values[SensitiveToken(label: token.label, id: id)]
        }
      }
      return parts.contains(nil) ? nil : parts.compactMap { $0 }.joined()
    }
  }

  public func person(_ value: String, of tenant: TenantID) -> PersonID { MemoryStore.pseudonym(value, of: tenant) }

  public func erase(_ owner: DataOwner) async throws { values.withLock { $0 = [:] } }
}

/// A line that keeps what it was told.
public final class FakeLine: Line {
  /// What a line is told.
  public enum Told: Hashable, Sendable {
    case answer, reject(LineRejection), hangUp, transfer(String)
  }
  private let all = Mutex<[Told]>([])
  /// As a SIP line's.
  public let identity: String? = #"{"callID":"x"}"#

  /// A line.
  public init() {}

  /// What it was told so far.
  public var told: [Told] { all.withLock { $0 } }
  public func deliver(to handler: @escaping @Sendable (LineEvent) -> Void) {}
  public func answer() { all.withLock { $0.append(.answer) } }
  public func reject(_ reason: LineRejection) { all.withLock { $0.append(.reject(reason)) } }
  public func hangUp() { all.withLock { $0.append(.hangUp) } }
  public func transfer(to uri: String, ringTimeout: CallSpan) { all.withLock { $0.append(.transfer(uri)) } }
}
