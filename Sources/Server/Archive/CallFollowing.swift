internal import Core
internal import Foundation

/// The lines of calls that go on, as they become durable. Looks into the journal again and again: who follows is mostly
/// another process than the one that serves, and the database is what both have.
public struct CallFollowing: Sendable {
  private struct Followed {
    var seen: Int
    var hasEnded: Bool
    let startedAt: Int64
  }

  private let reader: any JournalReader
  private let limit: Int
  /// The one call that is followed; nil: all that go on.
  private let one: CallID?
  private let asJSON: Bool
  /// Nil before the first look.
  private var calls: [CallID: Followed]?

  /// - Parameters:
  ///   - one: the call to follow, from its beginning; nil: all that go on.
  ///   - limit: how many of the newest calls are looked at for new ones; a call that goes on is followed to its end.
  init(_ reader: any JournalReader, of one: CallID? = nil, asJSON: Bool = false, limit: Int = 200) {
    self.reader = reader
    self.one = one
    self.asJSON = asJSON
    self.limit = limit
  }

  /// Looks four times a second until the task is cancelled, or the one call that is followed has an end.
  public func run(_ show: (String) -> Void) async throws {
    var following = self
    while !Task.isCancelled {
      for line in try await following.look() { show(line) }
      if following.isOver { return }
      try await Task.sleep(for: .milliseconds(250))
    }
  }

  /// What came since the last look, in the order of time. The first look gives calls that go on from their beginning, and
  /// nothing of calls that ended.
  mutating func look() async throws -> [String] {
    if let one { return try await look(at: one) }
    let newest = try await reader.calls(limit: limit)
    var known =
      calls
      ?? Dictionary(
        newest.filter(\.hasEnded).map { ($0.call, Followed(seen: $0.lines, hasEnded: true, startedAt: $0.startedAt)) },
        uniquingKeysWith: { $1 })
    // An ended call may get a line yet, as long as it is among the newest.
    let listed = Set(newest.map(\.call))
    for (call, followed) in known where followed.hasEnded && !listed.contains(call) { known[call] = nil }
    for call in newest {
      known[call.call, default: Followed(seen: 0, hasEnded: false, startedAt: call.startedAt)].hasEnded = call.hasEnded
    }
    let grown =
      newest.filter { $0.lines > known[$0.call]?.seen ?? 0 }.map(\.call) + known.keys.filter { !listed.contains($0) }
    var lines: [(at: Int64, entry: JournalEntry)] = []
    for call in grown {
      guard var followed = known[call] else { continue }
      let more = try await reader.lines(of: call, from: followed.seen)
      followed.seen += more.count
      followed.hasEnded = followed.hasEnded || more.contains(where: \.record.isEnd)
      known[call] = followed
      lines += more.map { (followed.startedAt * 1000 + $0.instant.microseconds, $0) }
    }
    calls = known
    return try lines.sorted { left, right in
      (left.at, left.entry.call, left.entry.sequence) < (right.at, right.entry.call, right.entry.sequence)
    }.map { try text(of: $0.entry) }
  }

  /// What came of one call since the last look.
  private mutating func look(at one: CallID) async throws -> [String] {
    var followed = calls?[one] ?? Followed(seen: 0, hasEnded: false, startedAt: 0)
    let more = try await reader.lines(of: one, from: followed.seen)
    followed.seen += more.count
    for entry in more {
      if entry.record.isEnd { followed.hasEnded = true }
      if entry.record.isBeginningAgain { followed.hasEnded = false }
    }
    calls = [one: followed]
    return try more.map(text(of:))
  }

  /// Whether the one call that is followed had an end at the last look.
  private var isOver: Bool { one.flatMap { calls?[$0]?.hasEnded } ?? false }

  private func text(of entry: JournalEntry) throws -> String {
    asJSON ? try JournalText.json(entry) : JournalText.line(entry)
  }
}
