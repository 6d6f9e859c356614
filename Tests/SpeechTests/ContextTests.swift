import Core
import Testing

@testable import Speech

/// Decoding with an expectation, over a vocabulary of a few pieces and scores made by hand.
@Suite("Recognition in context")
struct ContextTests {
  static let texts = [
    "<unk>", "<s>", "</s>", "\u{2581}five", "\u{2581}Five", "\u{2581}by", ",", "\u{2581}three", "\u{2581}oh", "5", "3",
    "\u{2581}double",
    ".", "\u{2581}six", "ty", "\u{2581}tea", "\u{2581}green", "\u{2581}tee", "\u{2581}grin", "\u{2581}o", "h",
  ]
  static let vocabulary: TokenVocabulary? = try? TokenVocabulary(
    texts.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) })

  static func piece(_ text: String) -> Int { texts.firstIndex(of: text) ?? 0 }

  /// Scores by piece; everything else is as good as impossible.
  static func scores(_ likely: [String: Float]) -> [Float] {
    texts.map { likely[$0] ?? -30 }
  }

  /// Steps a beam of digits over scores that depend on the step alone.
  static func digits(
    _ steps: [[String: Float]], asked: ClosedRange<Int> = 1...12, longest: Int = 12
  ) throws -> [DigitBeam.Reading] {
    var beam = DigitBeam(DigitPieces(try #require(vocabulary)), asked: asked, longest: longest, limit: 20)
    for step in steps {
      let scores = scores(step)
      for row in 0..<beam.rows { beam.consider(row, scores.span) }
      if beam.choose().isEmpty { break }
    }
    return beam.readings
  }

  @Test func `a digit that sounds like a word is a digit where digits are asked for`() throws {
    let readings = try Self.digits([["\u{2581}by": 3, "\u{2581}five": 2, "\u{2581}three": 0], ["</s>": 5]])
    #expect(readings.map(\.digits) == ["5", "3"])
    let best = try #require(readings.first)
    #expect(best.forgone > 0.9 && best.forgone < 1.1)
  }

  @Test func `one string is one reading however it is written`() throws {
    let readings = try Self.digits([
      ["\u{2581}five": 2, "5": 1.9, "\u{2581}Five": 1.8], ["3": 1.9, "\u{2581}three": 1.9], ["</s>": 5],
    ])
    #expect(readings.count == Set(readings.map(\.digits)).count)
    #expect(readings.first?.digits == "53")
  }

  @Test(arguments: [
    (["\u{2581}double", "\u{2581}five"], "55"), (["\u{2581}oh", ",", "\u{2581}three"], "03"),
    (["\u{2581}o", "h", "."], "0"),
    (["5", "3", ".", "\u{2581}six"], "536"),
  ])
  func `words of digits, doublings and numerals`(pieces: [String], digits: String) throws {
    let readings = try Self.digits(pieces.map { [$0: 5] } + [["</s>": 5]])
    #expect(readings.first?.digits == digits)
  }

  @Test(arguments: [
    ["\u{2581}six", "ty"], ["\u{2581}double"], ["\u{2581}double", "\u{2581}double", "\u{2581}five"],
    ["5", "\u{2581}by"],
  ])
  func `what writes no digits is none`(pieces: [String]) throws {
    let readings = try Self.digits(pieces.map { [$0: 5] } + [["</s>": 5]])
    // The pieces themselves are impossible or end in nothing; whatever is read gave up nearly everything for it.
    #expect(readings.allSatisfy { $0.forgone > 20 || !$0.isAlone })
  }

  @Test func `no string is longer than asked`() throws {
    let readings = try Self.digits([[String: Float]](repeating: ["5": 5, "</s>": 2], count: 9), longest: 4)
    #expect(readings.map(\.digits.count).max() == 4)
  }

  @Test func `digits may stand behind other words, and before others`() throws {
    let said = ["\u{2581}green", "\u{2581}tea", "\u{2581}five", ",", "\u{2581}three", "\u{2581}tea"]
    let readings = try Self.digits(said.map { [$0: 5] } + [["</s>": 5]], asked: 2...2)
    let best = try #require(readings.first)
    #expect(best.digits == "53")
    #expect(Self.text(best.before) == "green tea")
    #expect(Self.text(best.after) == "tea")
    #expect(best.forgone < 0.1)
  }

  @Test func `other words follow a string of a length that is asked for`() throws {
    let said = ["\u{2581}five", "\u{2581}three", "\u{2581}tea"]
    let readings = try Self.digits(said.map { [$0: 5] } + [["</s>": 5]], asked: 3...3)
    #expect(readings.allSatisfy { $0.after.tokens.isEmpty })
  }

  @Test func `a number does not begin again behind a digit`() throws {
    // Nothing of "five tea three six" is a number of two digits: what stands between may have been one.
    let said = ["\u{2581}five", "\u{2581}tea", "\u{2581}three", "\u{2581}six"]
    let readings = try Self.digits(said.map { [$0: 5] } + [["</s>": 5]], asked: 2...2)
    #expect(readings.allSatisfy { $0.before.tokens.isEmpty })
    // Nor does "tea five three five" hold one that other words follow.
    let more = ["\u{2581}five", "\u{2581}three", "\u{2581}tea", "\u{2581}five"]
    let followed = try Self.digits(more.map { [$0: 5] } + [["</s>": 5]], asked: 2...2)
    #expect(followed.allSatisfy { $0.after.tokens.isEmpty })
  }

  @Test func `a sigh before other words is no digit`() throws {
    let said = ["\u{2581}oh", ",", "\u{2581}tea", "\u{2581}five", "\u{2581}three"]
    let best = try #require(try Self.digits(said.map { [$0: 5] } + [["</s>": 5]], asked: 2...2).first)
    #expect(best.digits == "53")
    #expect(Self.text(best.before) == "oh, tea")
  }

  @Test func `a word that sounds like a digit is one before it stands beside the number`() throws {
    // "by three six" and "five three six" are nearly as likely.
    let steps: [[String: Float]] = [
      ["\u{2581}by": 3, "\u{2581}five": 1], ["\u{2581}three": 5], ["\u{2581}six": 5], ["</s>": 5],
    ]
    #expect(try Self.digits(steps, asked: 2...3).first?.digits == "536")
  }

  static func text(_ transcript: MoonshineModel.Transcript) -> String? {
    vocabulary?.text(of: transcript.tokens)
  }

  static func write(_ phrases: [String], _ steps: [[String: Float]]) throws -> String {
    let vocabulary = try #require(vocabulary)
    var beam = PhraseBeam(PhraseBonus(phrases, vocabulary: vocabulary), limit: 10)
    for step in steps {
      let scores = scores(step)
      for row in 0..<(beam.rows) { beam.consider(row, scores.span) }
      if beam.choose().isEmpty { break }
    }
    return vocabulary.text(of: beam.transcript.tokens)
  }

  static let said: [[String: Float]] = [
    ["\u{2581}grin": 3, "\u{2581}green": 2.4], ["\u{2581}tee": 3, "\u{2581}tea": 2], ["</s>": 6],
  ]

  @Test func `a likely phrase is written where the sound leaves it open`() throws {
    #expect(try Self.write([], Self.said) == "grin tee")
    #expect(try Self.write(["green tea"], Self.said) == "green tea")
  }

  @Test func `half a phrase earns nothing`() throws {
    #expect(try Self.write(["green tea with lemon"], Self.said) == "grin tee")
    #expect(try Self.write(["green teapot"], Self.said) == "grin tee")
  }

  @Test func `a phrase that nobody said is not written`() throws {
    let clear: [[String: Float]] = [
      ["\u{2581}grin": 9, "\u{2581}green": 0], ["\u{2581}tee": 9, "\u{2581}tea": 0], ["</s>": 9],
    ]
    #expect(try Self.write(["green tea"], clear) == "grin tee")
  }
}
