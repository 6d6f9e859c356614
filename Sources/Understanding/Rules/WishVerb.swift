import Core
import Language

/// The verb that a wish opens with, as far as journeys are named by it: "cancel" of `cancel_appointment`.
struct WishVerb: Sendable {
  private let verbs: [FlowID: String]
  /// What the examples of a journey open with.
  private let openings: [FlowID: Set<String>]
  private let phrases: CommandPhrases
  private let talk: TalkWords

  init(of assistant: AssistantDefinition, phrases: CommandPhrases) {
    self.phrases = phrases
    talk = LanguagePack.pack(for: assistant.locale).talk
    let talk = talk
    func opening(of text: String) -> String? { Self.opening(of: text, talk, phrases) }
    let journeys = assistant.journeys
    verbs = Dictionary(
      uniqueKeysWithValues: journeys.compactMap { flow in
        flow.id.rawValue.split(separator: "_").first.map { (flow.id, $0.lowercased()) }
      })
    openings = Dictionary(uniqueKeysWithValues: journeys.map { ($0.id, Set($0.examples.compactMap(opening))) })
  }

  /// Whether the words open with the verb that names one journey and not the other.
  func tells(_ flow: FlowID, from other: FlowID, in text: String) -> Bool {
    guard let verb = Self.opening(of: text, talk, phrases) else { return false }
    return verbs[flow] == verb && verbs[other] != verb
  }

  /// Whether the words deny the wish for a journey: "do not transfer money", "I don't want to cancel my order".
  func denies(_ flow: FlowID, in text: String) -> Bool {
    let words = Word.split(text).texts
    var start = talk.start(behindFillersOf: words)
    guard let denial = talk.wishDenials.match(words, at: start, before: words.count) else { return false }
    start += denial.count
    while let filler = talk.deniedFillers.match(words, at: start, before: words.count) { start += filler.count }
    return start < words.count && (verbs[flow] == words[start] || openings[flow]?.contains(words[start]) == true)
  }

  private static func opening(of text: String, _ talk: TalkWords, _ phrases: CommandPhrases) -> String? {
    let words = Word.split(text).texts
    var start = talk.start(behindFillersOf: words)
    while let opening = phrases.openings.match(words, at: start, before: words.count) { start += opening.count }
    return start < words.count ? words[start] : nil
  }
}
