import Core
import Dialogue
import Foundation

/// What a line `= ...` of a talk may say.
extension BehaviourTalk {
  /// What is found instead; nil when the check holds.
  func check(_ text: String) -> String? {
    let words = text.split(separator: " ").map(String.init)
    let rest = words.dropFirst().joined(separator: " ")
    let context = engine.understandingContext
    func differs(_ found: String, _ wanted: String = rest) -> String? {
      found == wanted ? nil : found.isEmpty ? "nothing" : found
    }
    switch words.first {
    case "asks": return differs(context.awaiting?.rawValue ?? "nothing")
    case "ends": return differs(endings.map(\.rawValue).joined(separator: " "))
    case "stack": return differs(engine.stack.map(\.flow.rawValue).joined(separator: " "), rest == "empty" ? "" : rest)
    case "at": return differs(engine.stack.last { !$0.flow.rawValue.hasPrefix("pattern_") }?.step.rawValue ?? "nothing")
    case "offers": return differs(context.options.map(\.rawValue).joined(separator: " "), rest == "nothing" ? "" : rest)
    case "fills": return differs(context.fillable.map(\.rawValue).joined(separator: " "))
    case "active": return differs(context.activeFlow?.rawValue ?? "nothing")
    case "can": return context.startable.contains(FlowID(words[2])) ? nil : "\(context.startable)"
    case "cannot": return context.startable.contains(FlowID(words[2])) ? "\(context.startable)" : nil
    case "forced": return context.forcesSlotFilling ? nil : "not forced"
    case "silence": return differs("\((context.silenceTimeout?.microseconds ?? 0) / 1_000_000)s")
    case "speech": return differs(context.acceptsSpeech ? "on" : "off")
    case "keys": return differs(keys)
    case "waits": return differs(waiting)
    case "runs": return differs(ran, rest == "nothing" ? "" : rest)
    case "transfers": return differs(transfers)
    case "hangs": return differs(hangUps, rest == "nothing" ? "" : rest)
    case "purpose": return differs(purposes)
    case "notes", "says":
      return reasons.contains { $0.hasPrefix(rest) || $0.contains(rest) } ? nil : reasons.joined(separator: " | ")
    case "source": return differs(engine.slots[SlotName(words[1])]?.source.rawValue ?? "nothing", words[2])
    case "confirmed": return engine.slots[SlotName(rest)]?.isConfirmed == true ? nil : "not confirmed"
    default: return slot(words, text)
    }
  }

  /// `name = value`, `name is empty`.
  private func slot(_ words: [String], _ text: String) -> String? {
    guard words.count > 2 else { return "no check is written so" }
    let value = engine.slots[SlotName(words[0])]?.value
    let found = value.map(Self.text) ?? "empty"
    let wanted = text.components(separatedBy: words[1] == "is" ? " is " : " = ").dropFirst().joined(separator: " = ")
    return found == wanted ? nil : found
  }

  private static func text(_ value: SlotValue) -> String {
    switch value {
    case .sensitive(let sensitive): "<\(sensitive.revealed ?? "")>"
    case .list(let values): "[" + values.map(text).joined(separator: " ") + "]"
    default: value.revealedText ?? "\(value)"
    }
  }

  private var endings: [TurnEnding] { moves.compactMap { if case .turnEnded(let ending) = $0 { ending } else { nil } } }

  private var reasons: [String] {
    moves.compactMap { move in
      guard case .note(let decision) = move else { return nil }
      return "\(decision.kind.rawValue) \(decision.subject): \(decision.reason)"
    }
  }

  private var ran: String {
    moves.invocations.map { invocation in
      ([invocation.tool.rawValue]
        + invocation.arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" })
        .joined(separator: " ")
    }.joined(separator: ", ")
  }

  private var transfers: String {
    moves.compactMap { if case .transfer(let request) = $0 { request.destination.rawValue } else { nil } }
      .joined(separator: " ")
  }

  private var hangUps: String {
    moves.compactMap { if case .hangUp(let reason) = $0 { reason.rawValue } else { nil } }.joined(separator: " ")
  }

  private var purposes: String {
    moves.compactMap { if case .say(_, _, let purpose) = $0 { "\(purpose)" } else { nil } }.joined(separator: " ")
  }

  private var keys: String {
    guard case .caller(let plan) = engine.waiting, let digits = plan.digits else { return "none" }
    let menu = digits.menu.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.text($0.value))" }
    if !menu.isEmpty { return menu.joined(separator: " ") }
    return "\(digits.minimum) to \(digits.maximum)" + (digits.endKey.map { " end \($0)" } ?? "")
  }

  private var waiting: String {
    switch engine.waiting {
    case .caller: "caller"
    case .tool: "tool"
    case .transfer: "transfer"
    case .heard: "heard"
    case .hold: "hold"
    case .ended: "ended"
    }
  }
}
