import Core
import GRDB

/// What the lines of a call say of it, to be compared with what its head says.
struct HeadFold {
  private var start: CallStart?
  private var version: AssistantVersion?
  private var person: PersonID?
  private var endedAt: Int64?

  mutating func take(_ entry: JournalEntry) {
    switch entry.record {
    case .started(let start, let version):
      (self.start, self.version, person) = (start, version, start.person)
    // The first person stands.
    case .event(.identified(let person)): self.person = self.person ?? person
    default: break
    }
    if entry.record.isEnd { endedAt = entry.instant.microseconds }
    if entry.record.isBeginningAgain { endedAt = nil }
  }

  /// The columns of a head that tell something else; none without a start.
  func disagreements(with head: Row) -> [String] {
    guard let start else { return [] }
    let said: [(String, Bool)] = [
      ("conversation", head["conversation"] == start.conversation.rawValue),
      ("tenant", head["tenant"] == start.tenant.rawValue),
      ("person", head["person"] as String? == person?.rawValue),
      (
        "assistant", head["name"] as String? == version?.name && head["content_hash"] as String? == version?.contentHash
      ),
      ("started_at_ms", head["started_at_ms"] == start.clock.epochMilliseconds),
      ("ended_at_us", head["ended_at_us"] as Int64? == endedAt),
    ]
    return said.filter { !$0.1 }.map(\.0)
  }
}
