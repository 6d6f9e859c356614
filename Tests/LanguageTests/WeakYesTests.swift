import Core
import Testing

@testable import Language

/// A yes that makes a change has to be one: its certainty tells what is only a polite word, a doubt or a listener's sound.
@Suite("A weak yes")
struct WeakYesTests {
  static func certainty(of text: String) -> Confidence {
    let reader = YesNoReader(text: text, words: Word.split(text), pack: .pack(for: .americanEnglish))
    return reader.readings().first?.confidence ?? .none
  }

  @Test(arguments: [
    "I think so", "I guess so", "I suppose so", "I believe so", "yes, I think so", "yeah I guess so",
    "okay, I suppose so",
    "great", "good", "cool", "wonderful", "excellent", "great, thanks", "please", "no problem", "not a problem",
    "why not",
    "no doubt", "that's not wrong", "nothing wrong with that", "no objections", "mhm", "uh-huh", "mm hmm",
    "true", "True", "k", "kk", "mkay", "k thanks",
  ])
  func `changes nothing`(text: String) { #expect(Self.certainty(of: text) < .sureToAssent) }

  @Test(arguments: [
    "yes", "yeah", "yes please", "yep, great", "okay", "sure", "that's right", "correct", "go ahead", "do it",
    "yes, no problem", "yes, why not", "mhm, yes", "right", "of course", "please do", "it is", "it is correct",
  ])
  func `is none when a clear one stands beside it`(text: String) {
    #expect(Self.certainty(of: text) >= .sureToAssent)
  }
}
