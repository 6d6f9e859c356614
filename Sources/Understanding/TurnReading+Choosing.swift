import Core
import Language

// What is said to the question which journey is meant.

extension TurnReading {
  /// The journey that is named or counted, or values that are kept until it is; nil where nothing was offered, or something else is
  /// said.
  func chosen(_ filling: SlotFilling) -> [ProposedCommand]? {
    guard request.awaiting == nil, !request.options.isEmpty else { return nil }
    if let flow = named { return [proposal(.startFlow(flow), Confidence(permille: 900), Self.optionRule)] }
    let values = values(filling)
    return values.isEmpty ? nil : values.map(set)
  }

  private static let optionRule = rulePrefix + "option"

  private var named: FlowID? {
    let choices = request.options.map { id in
      SlotChoice(value: id.rawValue, synonyms: [definition.flows[id]?.name ?? ""])
    }
    let context = ReadingContext(today: request.today, minuteOfDay: request.minuteOfDay, locale: definition.locale)
    guard let reading = SlotReader.read(text, as: .choice(choices), context: context).first, reading.coversWhole,
      reading.confidence.permille >= 700
    else { return nil }
    return reading.value.revealedText.map { FlowID($0) }
  }

  /// A value and nothing else, for every slot of the journeys offered that it may fill. Of one journey only the surest counts.
  private func values(_ filling: SlotFilling) -> [SlotFilling.Filled] {
    var found: [SlotFilling.Filled] = []
    for flow in request.options {
      let fitting = (reaches[flow]?.slots ?? []).compactMap { filling.reading($0) }.filter(isBare)
        .sorted { $0.reading.confidence > $1.reading.confidence }
      guard let best = fitting.first, !found.contains(where: { $0.slot == best.slot }),
        fitting.dropFirst().allSatisfy({ $0.reading.confidence < best.reading.confidence })
      else { continue }
      found.append(best)
    }
    return found
  }

  private func isBare(_ filled: SlotFilling.Filled) -> Bool {
    switch filled.grammar {
    case .digits, .number, .money, .date, .time, .email:
      filled.reading.coversWhole && filled.reading.confidence.permille >= 700
    default: false
    }
  }
}
