import Core

/// Reads a domain file: slots, responses, declared actions. Several files make one domain.
struct DomainReader {
  let context: ReadingContext

  private static let elsewhere = [
    "intents": "flows are chosen by their descriptions and examples", "entities": "slots are filled by their grammars",
    "forms": "write a flow that collects", "session_config": "a call is a session",
    "config": "it has no meaning for flows",
    "e2e_actions": "it has no meaning for flows",
  ]

  func read(_ file: String, _ text: String, into draft: inout Draft) {
    guard let root = context.root(of: file, text: text),
      let map = root.map("a domain", keys: ["version", "slots", "responses", "actions"], elsewhere: Self.elsewhere)
    else { return }
    for (key, reader) in map["slots"]?.entries("the slots as a map of names") ?? [] {
      guard isFresh(key, reader, draft.slots[SlotName(key.key)]?.source, "slot") else { continue }
      let name = SlotName(key.key)
      draft.slots[name] = SlotReader(context: context).slot(name, reader, at: key.keyLocation)
      if draft.slots[name] == nil { draft.broken.insert(key.key) }
    }
    for (key, reader) in map["responses"]?.entries("the responses as a map of names") ?? [] {
      guard isFresh(key, reader, draft.responses[ResponseName(key.key)]?.source, "response") else { continue }
      if !key.key.hasPrefix("utter_") {
        root.log.error(
          .wrongValue, at: key.keyLocation, key: reader.path, "`\(key.key)` is no name of a response",
          hint: "write `utter_\(key.key)`")
      }
      let name = ResponseName(key.key)
      draft.responses[name] = ResponseReader(context: context).response(name, reader, at: key.keyLocation)
      if draft.responses[name] == nil { draft.broken.insert(key.key) }
    }
    for reader in map["actions"]?.items("a list of actions") ?? [] { declare(reader, &draft) }
  }

  private func declare(_ reader: YAMLReader, _ draft: inout Draft) {
    if let entries = reader.isMapping ? reader.entries("an action") : nil {
      for (key, _) in entries { draft.declaredActions[ActionName(key.key)] = key.keyLocation }
    } else if let name = reader.name("an action") {
      draft.declaredActions[ActionName(name)] = reader.location
    }
  }

  private func isFresh(_ key: YAMLEntry, _ reader: YAMLReader, _ earlier: SourceLocation?, _ what: String) -> Bool {
    guard YAMLReader.isName(key.key) else {
      reader.log.error(
        .wrongValue, at: key.keyLocation, key: reader.path, "`\(key.key)` is no name of a \(what)",
        hint: "letters, digits, `_` and `-`, not starting with `-`")
      return false
    }
    guard let earlier else { return true }
    reader.log.error(
      .duplicateName, at: key.keyLocation, key: reader.path, "the \(what) `\(key.key)` is defined twice",
      hint: "the other is at \(earlier); keep one of them")
    return false
  }
}
