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
        // Sentences before, between and after places are not worth guessing at: only whole constant texts are.
        guard let text = constant(variant.text, in: assistant) else { continue }
        for sentence in Sentences.split(text, locale: assistant.locale) {
          let spoken = SpeechText.normalize(sentence, locale: assistant.locale)
          if seen.insert(spoken).inserted { sentences.append(spoken) }
        }
      }
    }
    return sentences
  }

  /// What a response says on the telephone whatever the circumstances: its first variant without condition and without places;
  /// empty when there is none.
  static func of(_ name: ResponseName, in assistant: AssistantDefinition) -> [String] {
    for variant in assistant.responses[name]?.variants ?? [] {
      guard variant.condition == nil, variant.channel == nil || variant.channel == Channel.voice.rawValue,
        variant.locale == nil || variant.locale == assistant.locale, let text = constant(variant.text, in: assistant)
      else { continue }
      return Sentences.split(text, locale: assistant.locale).map { SpeechText.normalize($0, locale: assistant.locale) }
    }
    return []
  }

  /// A text without places, but for the agent's own name; nil when it has any.
  private static func constant(_ text: Template, in assistant: AssistantDefinition) -> String? {
    let texts: [String?] = text.pieces.map { piece in
      switch piece {
      case .literal(let text): text
      case .expression(.path(["context", "assistant_name"])): assistant.persona.name
      default: nil
      }
    }
    return texts.contains(nil) ? nil : texts.compactMap { $0 }.joined()
  }

  private static func rank(_ response: ResponseDefinition) -> (Int, String) {
    let isOwn = response.source.file.hasPrefix("/") ? 1 : 0
    let opens = response.name.rawValue.contains("session_start") || response.name.rawValue.contains("greet") ? 0 : 1
    return (opens * 2 + isOwn, response.name.rawValue)
  }
}
