public import Core
public import Dialogue

/// An assistant prepared once for all its calls. Immutable; copies share what was prepared.
public struct PreparedAssistant: Sendable, Equatable {
  let compiled: CompiledAssistant
  /// The numbers its journeys ask for: callers say them unasked, too.
  let numbers: [SlotGrammar]

  /// Prepares a definition: names resolved, constant texts cut into sentences.
  ///
  /// - Parameter trace: told what engines of this assistant do; for tests only.
  public init(_ definition: AssistantDefinition, trace: EngineTrace? = nil) {
    compiled = CompiledAssistant(definition, trace: trace)
    var numbers: [SlotGrammar] = []
    for slot in definition.slots.values.sorted(by: { $0.name < $1.name }) {
      if case .digits = slot.effectiveGrammar, !numbers.contains(slot.effectiveGrammar) {
        numbers.append(slot.effectiveGrammar)
      }
    }
    self.numbers = numbers
  }

  /// What it was made from.
  public var definition: AssistantDefinition { compiled.definition }
}
