internal import Core
public import Insight
internal import Storage

extension CallArchive {
  /// What callers waited for in some calls.
  public struct Latencies: Sendable, Encodable {
    /// How many calls were read.
    public let calls: Int
    /// How many of them are not as they were written; what can be read of them counts.
    public let altered: Int
    /// Their turns.
    public let report: LatencyReport
  }

  /// What callers waited for, turn by turn.
  /// - Parameters:
  ///   - ids: these calls; when there are none, the newest.
  ///   - limit: how many of the newest.
  public func latencies(of ids: [String], limit: Int) async throws -> Latencies {
    let reader = try open(reveal: false)
    var calls: [CallID] = []
    for id in ids { calls.append(try await call(id, reader)) }
    if ids.isEmpty { calls = try await reader.journal.calls(limit: limit).map(\.call) }
    var timings: [TurnTiming] = []
    var altered = 0
    for call in calls {
      let reading = try await reader.journal.read(call)
      var fold = LatencyFold()
      timings += reading.entries.compactMap { fold.take($0) }
      if CallSoundness(call, reading).isAltered { altered += 1 }
    }
    return Latencies(calls: calls.count, altered: altered, report: LatencyReport(timings))
  }

  /// What a turn's caller waited for, on one line.
  static func words(_ timing: TurnTiming) -> String {
    func list(_ spans: [LatencyPart: CallSpan]) -> String {
      LatencyPart.allCases.compactMap { part in
        spans[part].flatMap { $0.milliseconds > 0 ? "\(part.rawValue) \($0.milliseconds)" : nil }
      }.joined(separator: ", ")
    }
    return "waited \(timing.total.milliseconds) ms (\(timing.kind.rawValue), budget \(timing.kind.budget.milliseconds)"
      + (timing.isWithinBudget ? "" : ", EXCEEDED") + "): " + list(timing.parts)
      + (timing.acknowledgement.map { "; acknowledged after \($0.milliseconds)" } ?? "")
      + (timing.work.isEmpty ? "" : "; work: " + list(timing.work))
  }
}
