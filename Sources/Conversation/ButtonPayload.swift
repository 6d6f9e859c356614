public import Core
internal import Dialogue
internal import FoundationEssentials

/// What a button sends, read without understanding: `/SetSlots(a=b, c=d)`, or `/flow`, with values of slots as JSON behind it:
/// `/flow{"slot": "value"}`. Everything that begins with `/` is a payload or an attempt at one.
public enum ButtonPayload {
  /// Pairs one payload may hold.
  private static let mostPairs = 10

  /// Why a text is no payload, in words for authors.
  public struct Malformed: Error, Hashable, Sendable {
    /// What is wrong. Holds nothing of the values.
    public let reason: String
  }

  /// Whether a text is to be read here, and not to be understood.
  public static func isPayload(_ text: String) -> Bool { text.hasPrefix("/") }

  /// Who sent it.
  public enum Sender: Sendable {
    /// A button that was shown just now: it may fill slots that callers' words may not.
    case button
    /// An author at a keyboard that takes commands.
    case author
  }

  /// The commands of a payload; none for `/session_start`. Values come back clear. Throws for what is none.
  public static func read(_ text: String, from sender: Sender) throws(Malformed) -> [ProposedCommand] {
    let proposer = sender == .button ? ProposedCommand.payloadProposer : "typed_payload"
    return try commands(text).map {
      ProposedCommand($0, confidence: .certain, proposer: proposer, source: .text)
    }
  }

  /// The commands of what was written: those of a button that was shown just now. From the keyboard alone nobody gives commands, unless
  /// it takes them; the refusal then, and for what is none.
  public static func commands(
    of text: String, in conversation: Conversation, takesTyped: Bool
  ) -> [ProposedCommand] {
    let isShown = conversation.offers(text)
    guard isShown || takesTyped else { return [refusal] }
    return (try? read(text, from: isShown ? .button : .author)) ?? [refusal]
  }

  /// What becomes of a text that is no payload, or that no button sent: it is not understood, and answered so.
  public static let refusal = ProposedCommand(
    .cannotHandle(.notUnderstood), confidence: .certain, proposer: "rule:malformed_payload", source: .text)

  private static func commands(_ text: String) throws(Malformed) -> [Command] {
    let body = text.dropFirst()
    let name = String(body.prefix { $0 != "(" && $0 != "{" })
    let rest = trimmed(body.dropFirst(name.count))
    let flow = trimmed(name[...])
    guard isName(flow) else {
      throw Malformed(reason: "a payload is `/SetSlots(slot=value)` or `/flow`")
    }
    if rest.first == "(" || flow == "SetSlots" {
      guard flow == "SetSlots" else { throw Malformed(reason: "`/\(flow)` takes no brackets; `/SetSlots(...)` does") }
      return try pairs(rest)
    }
    if flow == "session_start", rest.isEmpty { return [] }
    return [.startFlow(FlowID(flow))] + (rest.isEmpty ? [] : try entities(rest))
  }

  private static func pairs(_ text: String) throws(Malformed) -> [Command] {
    guard text.first == "(", text.last == ")" else {
      throw Malformed(reason: "`/SetSlots` has its pairs in brackets: `/SetSlots(slot=value)`")
    }
    var commands: [Command] = []
    for pair in text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
      guard halves.count == 2, isName(halves[0]), !halves[1].isEmpty, !halves[1].contains(where: { "()".contains($0) })
      else { throw Malformed(reason: "`/SetSlots` takes pairs `slot=value`, parted by commas") }
      let isNothing = ["null", "none", "undefined"].contains(halves[1].lowercased())
      commands.append(.setSlot(SlotName(halves[0]), isNothing ? nil : .text(halves[1])))
    }
    guard commands.count <= mostPairs else { throw Malformed(reason: "`/SetSlots` takes at most \(mostPairs) pairs") }
    return commands
  }

  /// `{"slot": "value"}`, also in double braces as templates want them.
  private static func entities(_ text: String) throws(Malformed) -> [Command] {
    let isDoubled = text.hasPrefix("{{") && text.hasSuffix("}}")
    let json = isDoubled ? String(text.dropFirst().dropLast()) : text
    guard let values = try? JSONDecoder().decode([String: Scalar].self, from: Data(json.utf8)),
      values.count <= mostPairs, values.keys.allSatisfy(isName)
    else { throw Malformed(reason: "behind `/flow` stand values of slots as JSON: `{\"slot\": \"value\"}`") }
    return values.sorted { $0.key < $1.key }.map { .setSlot(SlotName($0.key), $0.value.slotValue) }
  }

  private enum Scalar: Decodable {
    case text(String), number(Double), bool(Bool), nothing

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .nothing
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var slotValue: SlotValue? {
      switch self {
      case .text(let text): .text(text)
      case .number(let number): .number(number)
      case .bool(let value): .bool(value)
      case .nothing: nil
      }
    }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
