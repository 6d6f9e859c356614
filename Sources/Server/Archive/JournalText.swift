internal import Core
internal import Foundation

/// Lines of a journal as text.
enum JournalText {
  /// A line as it is canonical, on one line. Values that are given stand in their tokens' place, in clear; all others are tokens.
  static func json(_ entry: JournalEntry, _ values: [SensitiveToken: String] = [:]) throws -> String {
    var data = try CanonicalJSON.encode(entry)
    if !values.isEmpty {
      let texts = Dictionary(values.map { ($0.label.rawValue + ":" + $0.id, $1) }) { $1 }
      data = try JSONSerialization.data(
        withJSONObject: revealing(JSONSerialization.jsonObject(with: data), texts),
        options: [.sortedKeys, .withoutEscapingSlashes])
    }
    return String(decoding: data, as: UTF8.self)
  }

  private static func revealing(_ value: Any, _ texts: [String: String]) -> Any {
    switch value {
    case let text as String: texts[text] ?? text
    case let values as [Any]: values.map { revealing($0, texts) }
    case let object as [String: Any]: object.mapValues { revealing($0, texts) }
    default: value
    }
  }

  /// One line for a terminal: call, instant, kind, and what may be said of it to anybody.
  static func line(_ entry: JournalEntry) -> String {
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
