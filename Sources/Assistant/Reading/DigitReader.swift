import Core

/// Reads what may be entered by key: `dtmf:` of a step, and `voice: {dtmf: ...}` with more keys.
struct DigitReader {
  /// `{length | minimum + maximum, end_key, menu, inter_digit_timeout}`.
  func digits(_ reader: YAMLReader) -> DigitGrammar? {
    guard
      let map = reader.map(
        "a key entry", keys: ["length", "minimum", "maximum", "end_key", "menu", "inter_digit_timeout", "mask"]),
      map.excludes(["length", "minimum"]), map.excludes(["length", "maximum"]), map.excludes(["menu", "length"]),
      map.excludes(["menu", "minimum"]), map.excludes(["menu", "maximum"])
    else { return nil }
    let timeout = map.span("inter_digit_timeout", default: .seconds(3))
    if let menu = map["menu"] { return self.menu(menu, timeout) }
    let length = map["length"]?.integer(in: 1...64)
    let minimum = length ?? map.integer("minimum", in: 1...64, default: 1)
    let maximum = length ?? map.integer("maximum", in: 1...64, default: max(minimum, 32))
    if minimum > maximum {
      map["maximum"]?.error(.wrongValue, "`maximum` is below `minimum`")
      return nil
    }
    let endKey = map.raw("end_key")
    return DigitGrammar(
      minimum: minimum, maximum: maximum,
      endKey: endKey == nil ? (length == nil ? "#" : nil) : endKey.flatMap { $0.isNull ? nil : key($0) },
      interDigitTimeout: timeout)
  }

  /// The older form: `{length | finish_on_key, allow_audio_input}`.
  func plain(_ reader: YAMLReader) -> (digits: DigitGrammar?, acceptsSpeech: Bool) {
    guard let map = reader.map("dtmf", keys: ["length", "finish_on_key", "allow_audio_input"]) else {
      return (nil, true)
    }
    let acceptsSpeech = map.bool("allow_audio_input", default: true)
    guard map.excludes(["length", "finish_on_key"], hint: "an entry ends by its length or by a key") else {
      return (nil, acceptsSpeech)
    }
    if let length = map["length"]?.integer(in: 1...64) {
      return (DigitGrammar(minimum: length, maximum: length, endKey: nil), acceptsSpeech)
    }
    return (
      DigitGrammar(minimum: 1, maximum: 32, endKey: map["finish_on_key"].flatMap { key($0) } ?? "#"), acceptsSpeech
    )
  }

  private func key(_ reader: YAMLReader) -> String? {
    guard let text = reader.text("a key") else { return nil }
    guard text.count == 1, "0123456789*#".contains(text) else {
      reader.error(.wrongValue, "`\(text)` is no key", hint: "a digit, \"*\" or \"#\", in quotes")
      return nil
    }
    return text
  }

  private func menu(_ reader: YAMLReader, _ timeout: CallSpan) -> DigitGrammar? {
    guard let entries = reader.entries("the menu as a map of keys to values"), !entries.isEmpty else { return nil }
    var menu: [String: SlotValue] = [:]
    for (entry, value) in entries {
      guard entry.key.count == 1, "0123456789*#".contains(entry.key) else {
        reader.log.error(
          .wrongValue, at: entry.keyLocation, key: value.path, "`\(entry.key)` is no key",
          hint: "a digit, \"*\" or \"#\", in quotes")
        continue
      }
      menu[entry.key] = value.slotValue(for: .any)
    }
    return DigitGrammar(minimum: 1, maximum: 1, endKey: nil, menu: menu, interDigitTimeout: timeout)
  }
}
