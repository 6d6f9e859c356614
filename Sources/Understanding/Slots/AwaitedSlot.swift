import Core
import Language

/// What a turn says to the question that was asked, before any classifier is heard.
struct AwaitedSlot {
  let filling: SlotFilling
  let slot: SlotName
  let grammar: SlotGrammar

  /// What became of the question.
  enum Answer {
    /// Values to set; the classifier is not asked.
    case filled([SlotFilling.Filled])
    /// An answer, and a rest that may be a request of its own.
    case filledBeside([SlotFilling.Filled], rest: String)
    /// A free answer that is taken unless the classifier is very sure of something else.
    case unlessCommand(SlotFilling.Filled)
    /// Nothing for any slot.
    case none
  }

  func answer() -> Answer {
    let fillable = filling.request.fillable
    switch grammar {
    case .yesNo: return yesNo(fillable)
    case .address, .freeText, .name: return free(fillable)
    default:
      if let own = filling.reading(slot), own.reading.confidence.permille >= 500 {
        let all = [own] + filling.unasked(fillable, besides: [own])
        if own.reading.coversWhole || all.count > 1 { return .filled(all) }
        return .filledBeside(all, rest: own.reading.remainder)
      }
      let others = filling.unasked(fillable)
      return others.isEmpty ? .none : .filled(others)
    }
  }

  private func yesNo(_ fillable: [SlotName]) -> Answer {
    var others = filling.unasked(fillable)
    if others.isEmpty, let address = filling.addressCorrection(fillable) { others = [address] }
    guard let own = filling.reading(slot), own.reading.confidence.permille >= 500 else {
      return others.isEmpty ? .none : .filled(others)
    }
    if !others.isEmpty {
      // "no, make it Monday": the new value says more than the no
      return .filled(own.reading.value == .bool(true) ? [own] + others : others)
    }
    if own.reading.coversWhole { return .filled([own]) }
    return .filledBeside([own], rest: own.reading.remainder)
  }

  private func free(_ fillable: [SlotName]) -> Answer {
    let others = filling.unasked(fillable).filter {
      filling.isMentioned($0.slot) || $0.reading.coversWhole && $0.reading.isCorrection
    }
    if !others.isEmpty { return .filled(others) }
    guard let own = filling.reading(slot), own.reading.confidence.permille >= 400 else { return .none }
    // A street with a number is an address whatever else it sounds like.
    if grammar == .address, own.reading.confidence.permille >= 800 { return .filled([own]) }
    return .unlessCommand(own)
  }
}
