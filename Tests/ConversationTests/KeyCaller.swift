import Assistant
import Core
import Dialogue
import Foundation
import TestSupport

@testable import Conversation

/// A caller whom nobody understands: the recogniser and understanding fail, and keys are all there is.
///
/// The caller hears what is said and presses what it offers: journeys out of the menu as it was spoken, answers out of what
/// the line takes.
struct KeyCaller {
  var call: VirtualCall<Conversation>
  private(set) var pressed: [String] = []
  /// What each journey's menu entry is called, as heard, with its key.
  private(set) var menu: [(name: String, key: String)] = []

  static func assistant(_ example: String) throws -> PreparedAssistant {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return PreparedAssistant(
      try AssistantLoader.load(folder: root.appending(path: "Examples/\(example)").path).definition)
  }

  /// A call whose greeting was heard.
  init(_ assistant: PreparedAssistant) {
    call = VirtualCall(Conversation(assistant: assistant, start: .example()))
    call.understandingTakes = nil
    let tools = assistant.definition.tools
    let slots = assistant.definition.slots
    call.tools = { invocation in
      var results: [SlotName: SlotValue] = [:]
      for slot in tools[invocation.tool]?.results.compactMap(\.slot) ?? [] {
        results[slot] = slots[slot].map { Self.result(of: $0) }
      }
      return (.completed(results), 50)
    }
    call.connect()
    call.settle()
  }

  /// What a back end would answer for a slot; who calls is always verified.
  private static func result(of slot: SlotDefinition) -> SlotValue {
    let text: String
    switch slot.effectiveGrammar {
    case .digits(let minimum, let maximum): text = String("1234567890123456".prefix(max(minimum, min(maximum, 8))))
    case .yesNo: return .bool(true)
    case .choice(let choices): text = choices[0].value
    case .date: text = "2030-05-09"
    case .time: text = "10:30"
    case .money, .number: return .number(slot.name == IdentityLadder.slot ? 2 : 7)
    default: text = slot.name == "session" ? "1234567890123456" : "somebody"
    }
    guard let label = slot.label else { return .text(text) }
    return .sensitive(Sensitive(token: SensitiveToken(label: label, id: "r-\(slot.name)"), value: text))
  }

  /// Speaks, and no words come of it. Returns what is said then.
  mutating func speakInVain() -> String {
    hear { call in
      let began = call.now
      call.wait(100)
      call.give(.speechStarted(at: began))
      call.wait(700)
      call.give(.speechEnded(at: call.now))
      call.wait(4_000)
    }
  }

  /// Presses keys. Returns what is said then.
  @discardableResult
  mutating func press(_ keys: String) -> String {
    pressed.append(keys)
    return hear { call in
      call.press(keys)
      call.wait(6_000)
    }
  }

  /// Lets a silence pass. Returns what is said then.
  mutating func keepSilent(_ milliseconds: Int) -> String { hear { $0.wait(milliseconds) } }

  private mutating func hear(_ body: (inout VirtualCall<Conversation>) -> Void) -> String {
    let before = call.utterances.count
    body(&call)
    call.settle()
    let said = call.utterances.dropFirst(before).map(\.clearText).joined(separator: " ")
    for match in said.matches(of: /For ([^.]*?), press ([0-9*#]+)\./) where awaiting == nil {
      let (name, key) = (String(match.output.1), String(match.output.2))
      menu.removeAll { $0.key == key }
      menu.append((name, key))
    }
    return said
  }

  /// The slot asked for.
  var awaiting: SlotName? { call.machine.understandingContext.awaiting }

  /// What the question takes by key; nil: nothing.
  var digits: DigitGrammar? {
    let plans = call.effects.compactMap { if case .listen(let plan) = $0 { plan } else { nil } }
    return plans.last?.digits
  }

  /// Whether a person has the call.
  var isHandedOver: Bool { call.effects.contains { if case .work(.transfer) = $0 { true } else { false } } }

  /// Whether a journey is under way.
  var isUnderWay: Bool { call.machine.understandingContext.activeFlow != nil }

  /// The keys that answer the open question: the `choice`th way where there are several.
  func answer(choice: Int) -> String? {
    guard let awaiting, let digits else { return nil }
    guard digits.menu.isEmpty else {
      let keys = digits.menu.keys.sorted { ($0.count, $0) < ($1.count, $1) }
      return keys[choice % keys.count]
    }
    switch call.machine.assistant.slots[awaiting]?.effectiveGrammar {
    case .date: return ["0509#", "05092031"][choice % 2]
    case .time: return "1030"
    case .money: return ["25#", "12*50#"][choice % 2]
    case .number: return "7#"
    default:
      let length = max(digits.minimum, min(digits.maximum, 8))
      return String("1234567890123456".prefix(length)) + (digits.minimum == digits.maximum ? "" : digits.endKey ?? "")
    }
  }
}
