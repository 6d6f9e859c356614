public import Core
import Language

/// An assistant prepared for running: names resolved to indices, constant texts cut into sentences. Immutable, shared by all its conversations.
public final class CompiledAssistant: Sendable, Equatable {
  /// What it was made from.
  public let definition: AssistantDefinition
  let flows: [CompiledFlow]
  let flowIndex: [FlowID: Int]
  let slots: [SlotName: CompiledSlot]
  let responses: [ResponseName: [CompiledVariant]]
  let initialSlots: [SlotName: SlotState]
  /// The flows callers can start, in order of id.
  let journeys: [Journey]
  /// Those journeys by key.
  public let keys: KeyMenu

  struct Journey: Sendable {
    let flow: Int
    let id: FlowID
    let guardCondition: Predicate?
  }
  /// Flags that confirm a tool which changes something.
  let confirmations: Set<SlotName>
  /// Questions that nothing less than a yes answers.
  let assents: Set<SlotName>
  /// Slots held for the whole call: who the caller is, what was consented to. No caller fills them.
  let heldSlots: Set<SlotName>
  /// The flow that finds out who the caller is; nil when there is none.
  let identification: Int?
  /// What that flow asks for: a change of it takes the identification back.
  let identitySlots: Set<SlotName>
  /// Whether any journey needs an identity or a consent.
  let hasFlowsWithNeeds: Bool
  let expressions: RegularExpressions
  /// Told what engines do; nil in service.
  let trace: EngineTrace?

  /// Prepares an assistant. Missing built-in slots and the patterns of asking are filled in. `trace` is told what its engines do.
  public init(_ definition: AssistantDefinition, trace: EngineTrace? = nil) {
    self.definition = definition
    self.trace = trace
    expressions = RegularExpressions(definition.patterns)
    var all = definition.flows
    for flow in BuiltInPatterns.flows where all[flow.id] == nil { all[flow.id] = flow }
    let ordered = all.values.sorted { $0.id < $1.id }
    let index = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.id, $0) })
    flowIndex = index
    let confirmations = Set(definition.tools.values.compactMap { $0.changesState ? $0.confirmedBy : nil })
    self.confirmations = confirmations
    assents = definition.assents
    let held = Set([IdentityLadder.slot] + definition.consents.values.map(\.slot))
    heldSlots = held
    let identification = index[definition.identity.flow]
    self.identification = identification
    let compiled = ordered.map {
      CompiledFlow(
        $0, among: all, index: index, tools: definition.tools, confirmations: confirmations, held: held,
        identification: definition.identity.flow)
    }
    flows = compiled
    identitySlots = identification.map { Set(compiled[$0].fillable) } ?? []
    hasFlowsWithNeeds = ordered.contains { $0.voice.identity > .none || !$0.voice.consents.isEmpty }
    journeys = definition.journeys.compactMap { flow in
      index[flow.id].map { Journey(flow: $0, id: flow.id, guardCondition: flow.guardCondition) }
    }
    keys = KeyMenu(definition.journeys)
    var slots = definition.slots
    for slot in BuiltInPatterns.slots where slots[slot.name] == nil { slots[slot.name] = slot }
    for consent in definition.consents.values where slots[consent.slot] == nil {
      slots[consent.slot] = SlotDefinition(
        name: consent.slot, type: .bool, filledBy: .controlled, grammar: .yesNo, source: consent.source)
    }
    self.slots = slots.mapValues(CompiledSlot.init)
    responses = definition.responses.mapValues { response in
      response.variants.map { CompiledVariant($0, of: response.name) }
    }
    initialSlots = slots.compactMapValues { slot in
      slot.initialValue.map { SlotState(value: $0, source: .flow, confidence: .certain) }
    }
  }

  /// Whether both come from equal definitions.
  public static func == (left: CompiledAssistant, right: CompiledAssistant) -> Bool {
    left === right || left.definition == right.definition
  }

  func flow(_ id: FlowID) -> Int? { flowIndex[id] }
}

/// A slot with what is asked of it often.
final class CompiledSlot: Sendable {
  let definition: SlotDefinition
  let grammar: SlotGrammar
  /// What may be keyed for it unless a step says otherwise.
  let digits: DigitGrammar?
  let isCategorical: Bool

  init(_ definition: SlotDefinition) {
    self.definition = definition
    grammar = definition.effectiveGrammar
    // Where no loader has given the step its keys, digits of a fixed length may be ended by a key as well.
    if case .digits(let minimum, let maximum) = grammar {
      digits = DigitGrammar(minimum: minimum, maximum: maximum)
    } else {
      digits = KeyedForm.grammar(for: grammar)
    }
    isCategorical = if case .categorical = definition.type { true } else { false }
  }
}

/// A variant of a response; its sentences when no place is to be filled.
final class CompiledVariant: Sendable {
  let definition: ResponseVariant
  let constant: [Sentence]?

  init(_ definition: ResponseVariant, of response: ResponseName) {
    self.definition = definition
    var text = ""
    for piece in definition.text.pieces {
      guard case .literal(let words) = piece else {
        constant = nil
        return
      }
      text += words
    }
    constant = SentenceSplitter.sentences(of: [.words(text)], response: response)
  }
}
