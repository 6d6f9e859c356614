import Core
import Language

/// What an answer may have been besides: the value of the slot asked for in each of the recogniser's other readings.
///
/// Only of what is counted out, such as a number: there one misheard word makes another value, and a look-up can tell which is right.
struct OtherReadings {
  let definition: AssistantDefinition
  let request: UnderstandingRequest
  let assents: Set<SlotName>

  /// Less sure readings are none.
  private static let sureEnough = 500
  /// No look-up tries more.
  private static let most = 3

  /// The proposal with the other values of what it fills.
  func added(to proposal: ProposedCommand) -> ProposedCommand {
    guard case .setSlot(let slot, let value?) = proposal.command, slot == request.awaiting else { return proposal }
    var found: [SlotValue] = []
    for text in texts where found.count < Self.most {
      let filling = SlotFilling(definition: definition, request: request, text: text, assents: assents)
      guard filling.grammar(of: slot).isCountedOut, let other = filling.reading(slot)?.reading,
        other.confidence.permille >= Self.sureEnough, other.value != value, !found.contains(other.value)
      else { continue }
      found.append(other.value)
    }
    guard !found.isEmpty else { return proposal }
    return ProposedCommand(
      proposal.command, confidence: proposal.confidence, proposer: proposal.proposer, source: proposal.source,
      runnerUp: proposal.runnerUp, others: found)
  }

  /// The turn with one segment read otherwise, for each reading of each.
  private var texts: [String] {
    let said = request.heard.filter { $0.kind != .empty }
    let clear = said.map { $0.text.revealed ?? "" }
    return said.indices.flatMap { place in
      said[place].others.compactMap(\.revealed).map { other in
        (clear[..<place] + [other] + clear[(place + 1)...]).joined(separator: " ")
      }
    }
  }
}

extension SlotGrammar? {
  /// Whether its values are made of single digits or letters.
  fileprivate var isCountedOut: Bool {
    switch self {
    case .digits, .spelling: true
    default: false
    }
  }
}
