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
    let said = YesNoAnswer.of(filling.text, locale: filling.definition.locale)
    var others = filling.unasked(fillable)
    if others.isEmpty, let address = filling.addressCorrection(fillable) { others = [address] }
    if others.isEmpty, said == .conditional || said == .no, let amount = filling.amountCorrection(fillable) {
      others = [amount]
    }
    let own = filling.reading(slot)
    if !others.isEmpty {
      // "no, make it Monday": the new value says more than the no; "yes, but make it Monday" is no yes to what was read back.
      let agrees = said == .yes || !settlesValues && own?.reading.value == .bool(true)
      return .filled((agrees ? [own].compactMap { $0 } : []) + others)
    }
    guard let own else { return .none }
    if own.reading.coversWhole { return .filled([own]) }
    // "yes, I also want to change my address": where nothing hangs on the yes, what comes with it is heard.
    let isAnswer = own.reading.confidence.permille >= 500 || filling.request.isIdle
    return isAnswer ? .filledBeside([own], rest: own.reading.remainder) : .none
  }

  /// Whether a yes here makes a change or settles a value.
  private var settlesValues: Bool { filling.assents.contains(slot) }

  private func free(_ fillable: [SlotName]) -> Answer {
    let others = filling.unasked(fillable).filter {
      filling.isMentioned($0.slot) || $0.reading.coversWhole && $0.reading.isCorrection
    }
    if !others.isEmpty { return .filled(others) }
    guard let own = filling.reading(slot), own.reading.confidence.permille >= 400 else { return .none }
    // A street with a number is an address whatever else it sounds like.
    if grammar == .address, own.reading.confidence.permille >= 800 {
      return own.reading.coversWhole ? .filled([own]) : .filledBeside([own], rest: own.reading.remainder)
    }
    return .unlessCommand(own)
  }
}
