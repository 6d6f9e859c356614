import Core
import Dialogue

/// What must hold after every step of any dialogue.
enum WalkRules {
  /// Flows that may be under way at once.
  static let deepest = 48

  /// What does not hold; nil when all is well.
  static func complaint(_ moves: [Move], _ engine: DialogueEngine, wasEnded: Bool, asksInWords: Bool = true) -> String?
  {
    guard case .wait(let waiting)? = moves.last else { return "no wait at the end" }
    if waiting != engine.waiting { return "two minds about the wait" }
    var waits = 0
    var endings = 0
    var effects = 0
    var speaks = false
    for move in moves {
      switch move {
      case .wait: waits += 1
      case .turnEnded: endings += 1
      case .invoke, .transfer: effects += 1
      case .say: speaks = true
      case .hangUp, .note: break
      }
    }
    if waits != 1 { return "\(waits) waits in one step" }
    if wasEnded { return moves.count == 1 ? nil : "life after the end" }
    if endings > 1 { return "a turn ends twice" }
    if endings == 1, !waiting.isRest { return "a turn ends while something is under way" }
    if effects > 1 { return "two effects at once" }
    if effects == 1, waiting.isRest { return "an effect nobody waits for" }
    if engine.stack.count > deepest { return "\(engine.stack.count) flows are under way" }
    guard case .caller = waiting else { return nil }
    let context = engine.understandingContext
    if let top = engine.stack.last, context.awaiting == nil, context.options.isEmpty {
      return "waiting within \(top.flow) for nothing"
    }
    guard let awaiting = context.awaiting else { return nil }
    if engine.slots[awaiting] != nil { return "\(awaiting) is asked for and filled" }
    return endings == 1 && !speaks && asksInWords ? "a question without words" : nil
  }
}
