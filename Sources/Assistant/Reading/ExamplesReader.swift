import Core

/// Reads `examples/`: what callers say to start a flow, per language.
struct ExamplesReader {
  let context: ReadingContext
  let locale: LocaleTag

  func read(_ file: String, _ text: String, into draft: inout Draft) {
    guard let root = context.root(of: file, text: text),
      let map = root.map("a file of examples", keys: ["language", "examples"])
    else { return }
    let language = map["language"].flatMap { $0.locale() } ?? locale
    for (key, reader) in map.required("examples", hint: "a map of flows to lists of utterances")?.entries(
      "the examples as a map of flows") ?? []
    {
      let flow = FlowID(key.key)
      draft.exampleSources[flow] = draft.exampleSources[flow] ?? key.keyLocation
      var known = Set(draft.examples[language]?[flow] ?? [])
      for item in reader.items("a list of utterances") ?? [] {
        guard let utterance = item.text("an utterance") else { continue }
        if known.insert(utterance).inserted {
          draft.examples[language, default: [:]][flow, default: []].append(utterance)
        } else {
          item.warning(.duplicateName, "the utterance is listed twice", hint: "remove one of them")
        }
      }
    }
  }
}
