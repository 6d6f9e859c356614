internal import Core
internal import Language

/// The sentences of an assistant that hold no variable, in the order a call most likely needs them.
enum ConstantSentences {
  static func of(_ assistant: AssistantDefinition) -> [String] {
    var seen: Set<String> = []
    var sentences: [String] = []
    let responses = assistant.responses.values.sorted { rank($0) < rank($1) }
    for response in responses {
      for variant in response.variants where variant.channel == nil || variant.channel == Channel.voice.rawValue {
        let texts = variant.text.pieces.map { piece in
          if case .literal(let text) = piece { text } else { String?.none }
        }
        // Sentences before, between and after places are not worth guessing at: only whole constant texts are.
        guard texts.allSatisfy({ $0 != nil }) else { continue }
        for sentence in Sentences.split(texts.compactMap { $0 }.joined(), locale: assistant.locale) {
          let spoken = SpeechText.normalize(sentence, locale: assistant.locale)
          if seen.insert(spoken).inserted { sentences.append(spoken) }
        }
      }
    }
    return sentences
  }

  private static func rank(_ response: ResponseDefinition) -> (Int, String) {
    let isOwn = response.source.file.hasPrefix("/") ? 1 : 0
    let opens = response.name.rawValue.contains("session_start") || response.name.rawValue.contains("greet") ? 0 : 1
    return (opens * 2 + isOwn, response.name.rawValue)
  }
}
