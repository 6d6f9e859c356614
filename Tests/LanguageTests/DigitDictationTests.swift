import Core
import Testing

@testable import Language

/// Eight digits that are said over several turns.
@Suite struct `Digits in parts` {
  static func take(_ text: String, _ held: String = "", _ minimum: Int = 8, _ maximum: Int = 8) -> String? {
    let dictation = DigitDictation(minimum: minimum, maximum: maximum, locale: .americanEnglish)
    return switch dictation.take(text, after: held) {
    case .whole(let digits, _): digits
    case .part(let digits, _): digits + "..."
    case nil: nil
    }
  }

  @Test(arguments: [
    ("one oh four seven", "1047..."), ("It's one oh four seven", "1047..."), ("eight", "8..."),
    ("1 0 4 7 3 8 2 9 1", "104738291..."), ("one oh four seven three eight two nine", "10473829"),
    ("uh one oh four, um, seven", "1047..."),
  ])
  func `are held when they are too few or too many`(_ text: String, _ known: String) {
    #expect(Self.take(text) == known)
  }

  @Test(arguments: [
    "I have one question for you", "two of them were broken and I want my money back", "I don't have it with me",
    "where is my parcel", "", "um", "start again", "no", "that's wrong",
  ])
  func `are not made of other words`(_ text: String) {
    #expect(Self.take(text) == nil)
  }

  @Test(arguments: [
    ("three eight two nine", "1047", "10473829"), ("and then three eight two nine", "1047", "10473829"),
    ("three eight", "1047", "104738..."), ("three eight two nine one", "1047", "104738291..."),
    // Said once more, whole.
    ("one oh four seven three eight two nine", "1047", "10473829"), ("5 3 8 1 4 9 6 0", "1047", "53814960"),
    // From where the caller stopped.
    ("four seven three eight two nine", "1047", "10473829"), ("seven three eight two nine", "1047", "10473829"),
    // What was held, said again.
    ("no, one oh four eight", "1047", "1048..."), ("sorry one oh five seven", "1047", "1057..."),
    ("no, that's wrong", "1047", "..."), ("start again", "1047", "..."), ("let me start over", "1047", "..."),
    ("start again, five three eight one", "1047", "5381..."),
    ("the last two are four eight", "1047", "1048..."), ("the first two digits are two zero", "1047", "2047..."),
    ("no the last four should be three eight two nine", "10473820", "10473829"),
  ])
  func `go on with what is held, or replace it`(_ text: String, _ held: String, _ known: String) {
    #expect(Self.take(text, held) == known)
  }

  @Test(arguments: [
    ("oh I mean 97258304", "1047", "97258304"), ("oh, no, 97258304", "1047", "97258304"),
    ("oh, it's 9725", "", "9725..."), ("oh five", "1047", "104705..."),
  ])
  func `begin with no sigh`(_ text: String, _ held: String, _ known: String) {
    #expect(Self.take(text, held) == known)
  }

  @Test func `in figures behind an oh are asked about where it may be one of them`() {
    let phone = SlotGrammar.digits(minimum: 7, maximum: 15)
    #expect((best("oh 97258304", phone)?.confidence.permille ?? 0) < 500)
    #expect(seen("oh I mean 97258304", phone) == "97258304")
    #expect(seen("oh, 97258304", phone) == "97258304")
    #expect(seen("oh four one five five five five", phone) == "0415555")
  }

  @Test(arguments: ["I don't have it", "one moment please, my son wants something from me", "a person please"])
  func `stay as they are when something else is said`(_ text: String) {
    #expect(Self.take(text, "1047") == nil)
  }

  @Test func `of a length that varies are joined as long as they fit`() {
    #expect(Self.take("three four five six", "12", 4, 8) == "123456")
    #expect(Self.take("three four five six", "12345", 4, 8) == "3456")
    #expect(Self.take("three", "12", 4, 8) == "123...")
  }

  @Test func `are less sure when a word only sounds like one`() throws {
    let dictation = DigitDictation(minimum: 8, maximum: 8, locale: .americanEnglish)
    guard case .part(_, let clear)? = dictation.take("one oh four seven", after: ""),
      case .part(let digits, let doubtful)? = dictation.take("one oh for seven", after: "")
    else {
      Issue.record("neither is a part")
      return
    }
    #expect(digits == "1047" && doubtful < clear)
  }
}
