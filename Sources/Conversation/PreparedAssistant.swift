public import Core
import Dialogue

/// An assistant prepared once for all its calls. Immutable; copies share what was prepared.
public struct PreparedAssistant: Sendable, Equatable {
  let compiled: CompiledAssistant

  /// Prepares a definition: names resolved, constant texts cut into sentences.
  public init(_ definition: AssistantDefinition) { compiled = CompiledAssistant(definition) }

  /// What it was made from.
  public var definition: AssistantDefinition { compiled.definition }
}
