import Core
import Dialogue

/// Reads `voice: {grammar: ...}` of a slot: a name, or a map with `type` and its bounds.
struct GrammarReader {
  let type: SlotType

  private enum Name: String, CaseIterable {
    case digits, number, money, date, time, choice, name, address, email, spelling
    case yesNo = "yes_no"
    case freeText = "free_text"
  }

  func grammar(_ reader: YAMLReader) -> SlotGrammar? {
    if reader.isMapping {
      // Every grammar's keys are known here; those of the others are refused below.
      guard
        let map = reader.map(
          "a grammar", keys: ["type", "length", "minimum", "maximum", "currency", "choices"]),
        let kind = map.required("type", hint: "such as `{type: digits, length: 8}`"),
        let name = kind.choice(Name.self, "grammar"), refusesOthers(map, name)
      else { return nil }
      return fits(name, kind) ? grammar(name, map, kind) : nil
    }
    guard let name = reader.choice(Name.self, "grammar"), fits(name, reader) else { return nil }
    return grammar(name, nil, reader)
  }

  private func refusesOthers(_ map: YAMLMap, _ name: Name) -> Bool {
    let own: Set<String> =
      switch name {
      case .digits, .spelling: ["type", "length", "minimum", "maximum"]
      case .number: ["type", "minimum", "maximum"]
      case .money: ["type", "currency"]
      case .choice: ["type", "choices"]
      default: ["type"]
      }
    var holds = true
    for key in map.entries.keys.sorted() where !own.contains(key) {
      map.log.error(
        .conflictingKeys, at: map.keyLocation(key), key: map.reader.joined(key),
        "a \(name.rawValue) grammar has no `\(key)`",
        hint: own.count > 1 ? "it has " + own.sorted().map { "`\($0)`" }.joined(separator: ", ") : nil)
      holds = false
    }
    return holds && map.excludes(["length", "minimum"]) && map.excludes(["length", "maximum"])
  }

  private func fits(_ name: Name, _ reader: YAMLReader) -> Bool {
    let holds: Bool
    let wanted: String
    switch (name, type) {
    case (.yesNo, let type): (holds, wanted) = (type == .bool, "bool")
    case (.number, .float), (.money, .float): (holds, wanted) = (true, "float")
    case (.number, _), (.money, _): (holds, wanted) = (false, "float")
    case (.choice, .categorical), (.choice, .text): (holds, wanted) = (true, "categorical")
    case (.choice, _): (holds, wanted) = (false, "categorical")
    case (_, let type): (holds, wanted) = (type == .text || type == .any, "text")
    }
    if !holds {
      reader.error(
        .wrongValue, "the grammar `\(name.rawValue)` does not fit the slot's type", hint: "write `type: \(wanted)`")
    }
    return holds
  }

  private func grammar(_ name: Name, _ map: YAMLMap?, _ reader: YAMLReader) -> SlotGrammar? {
    switch name {
    case .digits:
      let (minimum, maximum) = lengths(map, default: 1...32)
      return .digits(minimum: minimum, maximum: maximum)
    case .spelling:
      let (minimum, maximum) = lengths(map, default: 1...32)
      return .spelling(minimum: minimum, maximum: maximum)
    case .number:
      var (minimum, maximum): (Double?, Double?) = (nil, nil)
      if case .float(let low, let high) = type { (minimum, maximum) = (low, high) }
      return .number(minimum: map?["minimum"]?.number() ?? minimum, maximum: map?["maximum"]?.number() ?? maximum)
    case .money:
      let currency = map?["currency"]
      let code = currency?.text() ?? "USD"
      if code.count != 3 || code != code.uppercased() {
        currency?.error(.wrongValue, "`\(code)` is no currency code", hint: "three capital letters, such as `EUR`")
      }
      return .money(currency: code)
    case .choice: return choices(map, reader)
    case .date: return .date
    case .time: return .time
    case .yesNo: return .yesNo
    case .name: return .name
    case .address: return .address
    case .email: return .email
    case .freeText: return .freeText
    }
  }

  private func lengths(_ map: YAMLMap?, default range: ClosedRange<Int>) -> (Int, Int) {
    if let length = map?["length"]?.integer(in: 1...64) { return (length, length) }
    let minimum = map?["minimum"]?.integer(in: 1...64) ?? range.lowerBound
    let maximum = map?["maximum"]?.integer(in: 1...64) ?? max(minimum, range.upperBound)
    if minimum > maximum { map?["maximum"]?.error(.wrongValue, "`maximum` is below `minimum`") }
    return (minimum, max(minimum, maximum))
  }

  private func choices(_ map: YAMLMap?, _ reader: YAMLReader) -> SlotGrammar? {
    var values: [String]?
    if case .categorical(let declared) = type { values = declared }
    guard let choices = map?["choices"] else {
      if let values { return .choice(values.map { SlotChoice(value: $0, synonyms: []) }) }
      reader.error(
        .missingKey, "a choice needs `choices`", hint: "such as `choices: {small: [little], large: [big]}`")
      return nil
    }
    guard let entries = choices.entries("the choices as a map of values to other words") else { return nil }
    var found: [SlotChoice] = []
    for (key, words) in entries {
      let value = values?.first { $0.lowercased() == key.key.lowercased() } ?? key.key
      if let values, !values.contains(value) {
        choices.log.error(
          .unknownName, at: key.keyLocation, key: words.path, "`\(key.key)` is none of the slot's values",
          hint: NearestName.hint(key.key, among: values))
      }
      let synonyms = words.isNull ? [] : (words.items("a list of words", orSingle: true) ?? []).compactMap { $0.text() }
      found.append(SlotChoice(value: value, synonyms: synonyms))
    }
    for value in values ?? [] where !found.contains(where: { $0.value == value }) {
      found.append(SlotChoice(value: value, synonyms: []))
    }
    return .choice(found)
  }
}
