import Core
import Testing

@testable import Speech

@Suite("Pieces of words")
struct TokenVocabularyTests {
  /// <unk> <s> </s>, the byte 0xC3, the byte 0xA9, "▁Hi", "▁the", "re", ",", "▁8", an entry of 130 bytes.
  static let bytes: [UInt8] = {
    let entries: [[UInt8]] =
      ["<unk>", "<s>", "</s>"].map { Array($0.utf8) } + [[0xC3], [0xA9]]
      + ["▁Hi", "▁the", "re", ",", "▁8", "▁" + String(repeating: "x", count: 127)].map { Array($0.utf8) }
    return entries.flatMap { entry -> [UInt8] in
      let length =
        entry.count < 128 ? [UInt8(entry.count)] : [UInt8(128 + entry.count % 128), UInt8(entry.count / 128)]
      return length + entry
    }
  }()

  @Test func `pieces join to words, with marks as spaces and bytes as letters`() throws {
    let vocabulary = try TokenVocabulary(Self.bytes)
    #expect(vocabulary.count == 11)
    #expect(vocabulary.text(of: [5, 6, 7, 8, 9]) == "Hi there, 8")
    #expect(vocabulary.text(of: [6, 3, 4]) == "theé")
    #expect(vocabulary.text(of: [10]) == String(repeating: "x", count: 127))
  }

  @Test func `marks of begin and end and numbers beyond the table say nothing`() throws {
    let vocabulary = try TokenVocabulary(Self.bytes)
    #expect(vocabulary.text(of: [1, 5, 2, 99, -1]) == "Hi")
    #expect(vocabulary.text(of: []) == "")
  }

  @Test func `words begin at marked pieces and punctuation is not spoken`() throws {
    let vocabulary = try TokenVocabulary(Self.bytes)
    #expect([5, 7, 8, 9].map(vocabulary.startsWord) == [true, false, false, true])
    #expect([5, 7, 8, 9, 3, 2].map(vocabulary.isSpoken) == [true, true, false, true, true, false])
  }

  @Test func `a table that is cut short is an error`() {
    for count in [1, Self.bytes.count - 1, Self.bytes.count - 130, 0] {
      #expect(throws: SpeechError.self) { try TokenVocabulary(Array(Self.bytes.prefix(count))) }
    }
  }

  @Test func `a recognition has words with the confidence of their weakest piece and hides them when printed`() throws {
    let vocabulary = try TokenVocabulary(Self.bytes)
    let transcript = MoonshineModel.Transcript(tokens: [5, 6, 7, 8], logProbabilities: [0, -0.1, -0.6931472, -9])
    let recognition = MoonshineRecognizer.recognition(of: transcript, vocabulary: vocabulary, duration: .seconds(1))
    #expect(recognition.text == "Hi there,")
    #expect(recognition.words.map(\.text) == ["Hi", "there,"])
    #expect(recognition.words.map(\.confidence.permille) == [1000, 500])
    #expect(recognition.confidence > Confidence(permille: 500))
    #expect(!"\(recognition) \(recognition.words)".contains("there"))
    #expect(!String(reflecting: recognition).contains("there"))
  }

  @Test func `confidence falls with the probabilities and is nothing without words`() {
    let means: [Float] = [0, -0.1, -0.2, -0.4, -0.8, -2]
    let confidences = means.map { RecognitionConfidence.confidence([$0]) }
    #expect(confidences == confidences.sorted(by: >))
    #expect(Set(confidences).count == confidences.count)
    #expect(RecognitionConfidence.confidence([]) == .none)
  }
}
