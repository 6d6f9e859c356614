public import Core
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
  /// Nil before the first look.
  private var calls: [CallID: Followed]?

  /// - Parameter limit: how many of the newest calls are looked at for new ones; a call that goes on is followed to its end.
  init(_ reader: any JournalReader, limit: Int = 200) {
    self.reader = reader
    self.limit = limit
  }

  /// Looks four times a second until the task is cancelled.
  public func run(_ show: (String) -> Void) async throws {
    var following = self
    while !Task.isCancelled {
      for line in try await following.look() { show(line) }
      try await Task.sleep(for: .milliseconds(250))
    }
  }

  /// What came since the last look, in the order of time. The first look gives calls that go on from their beginning, and
  /// nothing of calls that ended.
  mutating func look() async throws -> [String] {
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
    return lines.sorted { left, right in
      (left.at, left.entry.call, left.entry.sequence) < (right.at, right.entry.call, right.entry.sequence)
    }.map { Self.text($0.entry) }
  }

  /// One line for a terminal: call, instant, kind, and what may be said of it to anybody.
  private static func text(_ entry: JournalEntry) -> String {
    let words = words(of: entry.record).map { "  " + $0 } ?? ""
    return TerminalText.line("\(entry.call)  \(entry.instant)  \(entry.record.kind)\(words)")
  }

  private static func words(of record: JournalRecord) -> String? {
    switch record {
    case .started(let start, let assistant):
      "\(assistant)" + (start.holder.map { " on \($0.node), lease \($0.lease)" } ?? "")
    case .event(.hungUp(let party)): party.rawValue
    case .event(.playback(let playback)): "\(playback.utterance) \(playback.state.rawValue)"
    case .event(.finished(.tool(let effect), .tool(let outcome))), .remark(.settled(let effect, let outcome)):
      "effect \(effect) \(outcome.name)"
    case .event(.finished(.transfer(let effect), .transfer(let outcome))): "effect \(effect) \(outcome.rawValue)"
    case .remark(.handOver(let effect, let outcome, let status)): "effect \(effect) \(outcome.rawValue) \(status)"
    case .event(.engine(let engine, let isWorking)): "\(engine.rawValue) \(isWorking ? "works" : "fails")"
    case .effect(.speak(let utterance)): "\(utterance.id)"
    case .effect(.work(.invoke(let invocation))): "effect \(invocation.effect) \(invocation.tool)"
    case .effect(.work(.transfer(let request))): "effect \(request.effect) \(request.destination)"
    case .effect(.hangUp(let reason)): reason.rawValue
    case .effect(.note(let decision)): "\(decision.kind.rawValue) \(decision.subject): \(decision.reason)"
    default: nil
    }
  }
}
