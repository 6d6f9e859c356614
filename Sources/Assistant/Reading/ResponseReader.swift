import Core

/// Reads `responses:` of a domain.
struct ResponseReader {
  let context: ReadingContext

  private static let screenOnly = [
    "image": "it is for screens; the text is said", "custom": "it is for screens; the text is said",
    "attachment": "it is for screens; the text is said", "elements": "it is for screens; the text is said",
    "quick_replies": "it is for screens; the text is said", "button_type": "buttons are spoken as choices",
  ]

  func response(_ name: ResponseName, _ reader: YAMLReader, at source: SourceLocation) -> ResponseDefinition? {
    guard let items = reader.items("a list of variants, such as `- text: ...`") else { return nil }
    if items.isEmpty { reader.error(.missingKey, "the response has no variant", hint: "add `- text: ...`") }
    let variants = items.flatMap { self.variants($0) }
    if !variants.isEmpty, !variants.contains(where: { $0.attempt == 1 }) {
      reader.error(.missingKey, "no variant is for the first attempt", hint: "one variant needs no `attempt`")
    }
    return variants.isEmpty ? nil : ResponseDefinition(name: name, variants: variants, source: source)
  }

  private func variants(_ reader: YAMLReader) -> [ResponseVariant] {
    var elsewhere = Self.screenOnly
    if context.isImported { elsewhere["id"] = nil }
    guard
      let map = reader.map(
        "a variant of a response",
        keys: [
          "text", "buttons", "channel", "condition", "voice", "allow_interruptions", "id", "metadata", "translation",
        ],
        elsewhere: elsewhere)
    else { return [] }
    if let metadata = map["metadata"] { warnMetadata(metadata) }
    let voice = map["voice"]?.map(
      "the voice keys of a response", keys: ["attempt", "interruption", "locale", "longest_words"])
    let condition = map["condition"].flatMap { self.condition($0) }
    if map["condition"] != nil, condition == nil { return [] }
    guard map["text"] != nil || !context.isImported else {
      reader.warning(.unsupported, "a variant without text is never said")
      return []
    }
    guard let text = map.required("text")?.template(context) else { return [] }
    let locale = voice?["locale"].flatMap { $0.locale() }
    let channel = map["channel"]?.name("a channel")
    let buttons = map["buttons"].map { self.buttons($0) } ?? []
    let interruption = interruption(map, voice)
    let attempt = voice?["attempt"]?.integer(in: 1...9) ?? 1
    let longest = voice?["longest_words"]?.integer(in: 5...200)
    func variant(_ text: Template, _ locale: LocaleTag?) -> ResponseVariant {
      ResponseVariant(
        text: text, buttons: buttons, channel: channel, condition: condition, locale: locale, attempt: attempt,
        interruption: interruption, longestWords: longest)
    }
    var found = [variant(text, locale)]
    for (key, other) in map["translation"]?.entries("the translations as a map of languages to texts") ?? [] {
      guard let text = other.template(context) else { continue }
      found.append(variant(text, LocaleTag(key.key)))
    }
    return found
  }

  private func interruption(_ map: YAMLMap, _ voice: YAMLMap?) -> InterruptionPolicy {
    let own = voice?["interruption"]?.choice(InterruptionPolicy.self, "interruption policy")
    guard let allowed = map["allow_interruptions"]?.bool() else { return own ?? .free }
    if own != nil {
      map["allow_interruptions"]?.error(
        .conflictingKeys, "`allow_interruptions` and `voice.interruption` exclude each other",
        hint: "keep `voice.interruption`")
    }
    return allowed ? .free : .mustBeHeard
  }

  private func warnMetadata(_ reader: YAMLReader) {
    guard let entries = reader.entries("metadata as a map of keys") else { return }
    for (key, value) in entries {
      switch key.key {
      case "rephrase" where value.scalar?.bool == true:
        reader.log.warning(
          .unsupported, at: key.keyLocation, key: value.path,
          "`rephrase` is not run here: the text is said as it is written")
      case "template" where value.scalar?.text == "jinja", "rephrase", "rephrase_prompt": break
      default:
        reader.log.warning(.unsupported, at: key.keyLocation, key: value.path, "`\(key.key)` is not read here")
      }
    }
  }

  /// A condition in words, or the older list of slots and values that all must hold.
  private func condition(_ reader: YAMLReader) -> Predicate? {
    guard reader.isSequence else { return reader.predicate(context) }
    let all = (reader.items("a list of conditions") ?? []).map { item -> Predicate? in
      guard let map = item.map("a condition", keys: ["type", "name", "value"]) else { return nil }
      if let type = map["type"], let name = type.text(), name != "slot" {
        type.error(.wrongValue, "`\(name)` is no kind of condition", hint: "write `type: slot`")
      }
      guard let name = map.required("name")?.slotName(context), let value = map.raw("value") else {
        if map.entries["value"] == nil {
          map.log.error(.missingKey, at: map.location, key: item.joined("value"), "a condition has no `value`")
        }
        return nil
      }
      return .compare(
        .slot(name), .equal, .literal(value.isNull ? nil : value.slotValue(for: .any)))
    }
    let known = all.compactMap { $0 }
    guard known.count == all.count, let first = known.first else { return nil }
    return known.count == 1 ? first : .all(known)
  }

  private func buttons(_ reader: YAMLReader) -> [ResponseButton] {
    (reader.items("a list of buttons") ?? []).compactMap { item in
      guard let map = item.map("a button", keys: ["title", "payload"], elsewhere: ["type": "all buttons are alike"]),
        let title = map.required("title")?.text(quietly: true)
      else { return nil }
      return ResponseButton(title: title, payload: map.text("payload") ?? title)
    }
  }
}

extension YAMLReader {
  /// A language tag.
  func locale() -> LocaleTag? {
    guard let text = text("a language") else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let isTag =
      (2...3).contains(parts[0].count)
      && parts.allSatisfy {
        !$0.isEmpty && $0.count <= 8 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      }
    guard isTag else {
      error(.wrongValue, "`\(text)` is no language tag", hint: "such as `en-US`, `de`")
      return nil
    }
    return LocaleTag(text)
  }
}
