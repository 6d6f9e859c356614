import Core
import Dialogue

/// Reads `slots:` of a domain.
struct SlotReader {
  let context: ReadingContext

  static let keys = [
    "type", "values", "min_value", "max_value", "initial_value", "mappings", "validation", "voice",
  ]

  func slot(_ name: SlotName, _ reader: YAMLReader, at source: SourceLocation) -> SlotDefinition? {
    guard
      let map = reader.map(
        "a slot", keys: Self.keys,
        elsewhere: [
          "shared_for_coexistence": "there is one engine", "influence_conversation": "only flows decide",
        ]), let type = type(map)
    else { return nil }
    let voice = map["voice"]?.map("the voice keys of a slot", keys: ["grammar", "label"])
    let grammar = voice?["grammar"].flatMap { GrammarReader(type: type).grammar($0) }
    let validation = map["validation"]?.map("a validation", keys: ["rejections", "refill_utter"])
    return SlotDefinition(
      name: name, type: type, initialValue: map["initial_value"].flatMap { $0.slotValue(for: type) },
      filledBy: filler(map, type: type),
      rejections: validation?["rejections"].map { $0.rejections(context) } ?? [],
      refill: validation?["refill_utter"]?.responseName(context),
      grammar: grammar, label: label(voice, type: type), source: source)
  }

  private func type(_ map: YAMLMap) -> SlotType? {
    guard let reader = map.required("type", hint: "one of text, bool, categorical, float, list, any"),
      let name = reader.text("a type")
    else { return nil }
    let bounds = ["min_value", "max_value"]
    for key in bounds + ["values"] where map.entries[key] != nil {
      if key == "values" ? name != "categorical" : name != "float" {
        map.log.error(
          .conflictingKeys, at: map.keyLocation(key), key: map.reader.joined(key), "a \(name) slot has no `\(key)`",
          hint: key == "values" ? "write `type: categorical`" : "write `type: float`")
      }
    }
    switch name {
    case "text": return .text
    case "bool": return .bool
    case "list": return .list
    case "any": return .any
    case "float":
      let minimum = map["min_value"]?.number()
      let maximum = map["max_value"]?.number()
      if let minimum, let maximum, minimum > maximum {
        map["max_value"]?.error(.wrongValue, "`max_value` is below `min_value`")
      }
      return .float(minimum: minimum, maximum: maximum)
    case "categorical":
      guard let values = map.required("values", hint: "such as `values: [small, large]`")?.items("a list of values")
      else {
        return nil
      }
      var seen: Set<String> = []
      var texts: [String] = []
      for value in values {
        guard let text = value.text() else { continue }
        if seen.insert(text.lowercased()).inserted {
          texts.append(text)
        } else {
          value.error(
            .duplicateName, "`\(text)` is listed twice", hint: "values differ in more than upper and lower case")
        }
      }
      return .categorical(texts)
    default:
      let meant = [
        "string": "text", "str": "text", "boolean": "bool", "number": "float", "int": "float", "integer": "float",
        "enum": "categorical", "category": "categorical", "array": "list",
      ]
      reader.error(
        .wrongValue, "`\(name)` is no slot type",
        hint: meant[name.lowercased()].map { "write `\($0)`" }
          ?? NearestName.hint(name, among: ["text", "bool", "categorical", "float", "list", "any"]))
      return nil
    }
  }

  private func filler(_ map: YAMLMap, type: SlotType) -> SlotDefinition.Filler {
    guard let mappings = map["mappings"]?.items("a list of mappings") else {
      return type == .list ? .controlled : .understanding
    }
    var filler = SlotDefinition.Filler.controlled
    for reader in mappings {
      guard
        let mapping = reader.map(
          "a mapping", keys: ["type"],
          elsewhere: Dictionary(
            uniqueKeysWithValues: [
              "allow_nlu_correction", "run_action_every_turn", "coexistence_system", "conditions", "action", "entity",
              "intent", "not_intent", "value", "role", "group",
            ].map { ($0, "one understanding fills all slots") })), let kind = mapping.required("type"),
        let name = kind.text()
      else { continue }
      switch name {
      case "from_llm":
        filler = .understanding
        if type == .list {
          kind.error(
            .wrongValue, "a list slot is filled by actions only", hint: "write `type: controlled`")
        }
      case "controlled": break
      case "from_entity", "from_intent", "from_text", "from_trigger_intent":
        filler = .understanding
        kind.warning(.unsupported, "`\(name)` is not run here: the slot is filled from what callers say")
      case "custom":
        kind.warning(.unsupported, "`custom` is not run here: the slot is filled by actions and steps only")
      default:
        kind.error(
          .wrongValue, "`\(name)` is no mapping", hint: NearestName.hint(name, among: ["from_llm", "controlled"]))
      }
    }
    return filler
  }

  private static let labels: [DataLabel] = [
    .speech, .card, .identifier, .name, .address, .health, .secret, .personal,
  ]

  /// Text is somebody's until its author says otherwise; a choice, a number or a yes is nobody's.
  private func label(_ voice: YAMLMap?, type: SlotType) -> DataLabel? {
    let byDefault: DataLabel? =
      switch type {
      case .text, .any, .list: .personal
      case .bool, .categorical, .float: nil
      }
    guard let reader = voice?["label"], let name = reader.text("a label") else { return byDefault }
    if name == "none" { return nil }
    if let label = Self.labels.first(where: { $0.rawValue == name }) { return label }
    reader.error(
      .wrongValue, "`\(name)` is no label", hint: NearestName.hint(name, among: Self.labels.map(\.rawValue) + ["none"]))
    return byDefault
  }
}

extension YAMLReader {
  /// A literal value for a slot of this type; nil for none, or when it does not fit, which is reported.
  func slotValue(for type: SlotType) -> SlotValue? {
    guard !isNull else { return nil }
    switch type {
    case .bool: return bool().map { .bool($0) }
    case .text: return text().map { .text($0) }
    case .float(let minimum, let maximum):
      guard let number = number() else { return nil }
      guard number >= minimum ?? number, number <= maximum ?? number else {
        error(.wrongValue, "\(scalar?.text ?? "") is outside the slot's bounds")
        return nil
      }
      return .number(number)
    case .categorical(let values):
      guard let text = scalar?.text else {
        error(.wrongType, "expected one of the slot's values, found \(value.kindName)")
        return nil
      }
      if let value = values.first(where: { $0.lowercased() == text.lowercased() }) { return .text(value) }
      error(.wrongValue, "`\(text)` is none of the slot's values", hint: NearestName.hint(text, among: values))
      return nil
    case .list:
      return items("a list")?.compactMap { $0.slotValue(for: .any) }.asList
    case .any:
      if isSequence { return slotValue(for: .list) }
      guard let scalar else {
        error(.wrongType, "expected a value, found \(value.kindName)")
        return nil
      }
      if let bool = scalar.bool { return .bool(bool) }
      if let number = scalar.number { return .number(number) }
      return text().map { .text($0) }
    }
  }

  /// `rejections:` of a slot or a collect step.
  func rejections(_ context: ReadingContext) -> [Rejection] {
    (items("a list of rejections", orSingle: true) ?? []).compactMap { item in
      guard let map = item.map("a rejection", keys: ["if", "utter"]) else { return nil }
      let condition = map.required("if", hint: "when the value is refused")?.predicate(context)
      let response = map.required("utter", hint: "what is said then")?.responseName(context)
      guard let condition, let response else { return nil }
      return Rejection(condition: condition, response: response)
    }
  }
}

extension [SlotValue] {
  fileprivate var asList: SlotValue { .list(self) }
}
