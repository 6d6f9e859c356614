internal import Core
internal import Glibc
internal import Inference

extension MoonshineRecognizer {
  /// Digits beyond those asked for that are still heard as such, so that the caller can be told of them.
  private static let extraDigits = 4
  /// Nats by which the likeliest string of another length has to beat the likeliest of a length that is asked for.
  private static let lengthCounts: Float = 3
  /// Nats by which free words have to beat digits. Measured: strings of digits lie at most 8 behind what is written freely, other
  /// speech 8 and more.
  private static let otherSpeech: Float = 8

  /// Nats by which a string is ahead that has no other beside it.
  private static let certain: Float = 5

  /// What is heard where digits are asked for: the likeliest string, unless free words are far likelier.
  static func digitRecognition(
    of samples: [Float], _ asked: ClosedRange<Int>, duration: CallSpan, with model: MoonshineModel,
    ticket: InferenceTicket
  ) throws -> Recognition {
    let (readings, free) = try model.writeDigits(
      padded(samples[...]), asked: asked, longest: asked.upperBound + extraDigits, limit: limit(samples.count),
      ticket: ticket)
    // A length that is asked for speaks for a string.
    func worth(_ reading: DigitBeam.Reading) -> Float {
      reading.score - (asked.contains(reading.digits.count) ? 0 : lengthCounts)
    }
    let best = readings.max { worth($0) < worth($1) }
    if let free {
      let plain = recognition(of: free, vocabulary: model.vocabulary, duration: duration)
      // A string of another length may be half a number behind other words: "the number is two zero five".
      let ahead = best.map { asked.contains($0.digits.count) } == true ? otherSpeech : lengthCounts
      let isLikelier = free.score - ahead > best?.score ?? -.infinity
      // A long sentence is less likely than one word of it and an end: so few digits are not all that was said.
      let isLonger = plain.words.count > 2 * (best?.digits.count ?? 0) + 1
      if isLikelier || isLonger {
        return Recognition(
          text: plain.text, confidence: plain.confidence, words: plain.words, duration: duration,
          alternatives: best.map { [alternative($0, behind: max(0, free.score - $0.score))] } ?? [])
      }
    }
    guard let best else { return Recognition(text: "", confidence: .none, duration: duration) }
    let others = readings.filter { $0.digits != best.digits }.sorted { worth($0) > worth($1) }
    let confidence = confidence(margin: worth(best) - (others.first.map(worth) ?? worth(best) - certain))
    return Recognition(
      text: spaced(best.digits), confidence: confidence,
      words: best.digits.map { Recognition.Word(text: String($0), confidence: confidence) }, duration: duration,
      alternatives: others.prefix(3).map { alternative($0, behind: worth(best) - worth($0)) })
  }

  private static func alternative(_ reading: DigitBeam.Reading, behind nats: Float) -> Recognition.Alternative {
    Recognition.Alternative(text: spaced(reading.digits), confidence: confidence(margin: -nats))
  }

  private static func spaced(_ digits: String) -> String { digits.map(String.init).joined(separator: " ") }

  /// How sure a string is that lies so many nats before the next.
  private static func confidence(margin: Float) -> Confidence { Confidence(Double(1 / (1 + expf(-margin)))) }
}
