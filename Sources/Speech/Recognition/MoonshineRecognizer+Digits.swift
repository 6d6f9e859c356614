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

  /// What is heard where digits are asked for: the likeliest string, with the words around it, unless free words are far likelier.
  static func digitRecognition(
    of samples: [Float], _ asked: ClosedRange<Int>, duration: CallSpan, with model: MoonshineModel,
    ticket: InferenceTicket
  ) throws -> Recognition {
    var (readings, free) = try model.writeDigits(
      padded(samples[...]), asked: asked, longest: asked.upperBound + extraDigits, limit: limit(samples.count),
      ticket: ticket)
    // Some digits in other words are what free words write better: "two of them", "I said five three".
    readings.removeAll { !$0.isAlone && !asked.contains($0.digits.count) }
    func worth(_ reading: DigitBeam.Reading) -> Float {
      reading.score - (asked.contains(reading.digits.count) ? 0 : lengthCounts)
    }
    let best = readings.max { worth($0) < worth($1) }
    let found = best.map { ($0, recognition(of: $0, among: readings, by: worth, with: model, lasting: duration)) }
    if let free {
      let plain = recognition(of: free, vocabulary: model.vocabulary, duration: duration)
      // A string of another length may be half a number behind other words: "the number is two zero five". So few digits inside
      // other words are hardly likelier than words.
      let ahead =
        switch best {
        case .some(let best) where !asked.contains(best.digits.count): lengthCounts
        case .some(let best) where !best.isAlone: min(otherSpeech, Float(best.digits.count))
        default: otherSpeech
        }
      let isLikelier = free.score - ahead > best?.score ?? -.infinity
      // A long sentence is less likely than one word of it and an end: so few words are not all that was said.
      let isLonger = plain.words.count > 2 * (found?.1.words.count ?? 0) + 1
      if isLikelier || isLonger {
        return Recognition(
          text: plain.text, confidence: plain.confidence, words: plain.words, duration: duration,
          alternatives: found.map {
            [Recognition.Alternative(text: $1.text, confidence: confidence(margin: min(0, $0.score - free.score)))]
          } ?? [])
      }
    }
    return found?.1 ?? Recognition(text: "", confidence: .none, duration: duration)
  }

  /// A string with what was said around it, as sure as it is ahead of all others.
  private static func recognition(
    of best: DigitBeam.Reading, among readings: [DigitBeam.Reading], by worth: (DigitBeam.Reading) -> Float,
    with model: MoonshineModel, lasting duration: CallSpan
  ) -> Recognition {
    let others = readings.filter { $0.digits != best.digits }.sorted { worth($0) > worth($1) }
    let sure = confidence(margin: worth(best) - (others.first.map(worth) ?? worth(best) - certain))
    let around = [best.before, best.after].map { recognition(of: $0, vocabulary: model.vocabulary, duration: duration) }
    func text(_ reading: DigitBeam.Reading) -> String {
      let digits = reading.digits.map(String.init).joined(separator: " ")
      let (before, after) = (
        model.vocabulary.text(of: reading.before.tokens), model.vocabulary.text(of: reading.after.tokens)
      )
      return [before, digits, after].filter { !$0.isEmpty }.joined(separator: " ")
    }
    return Recognition(
      text: text(best), confidence: sure,
      words: around[0].words + best.digits.map { Recognition.Word(text: String($0), confidence: sure) }
        + around[1].words,
      duration: duration,
      alternatives: others.prefix(3).map {
        Recognition.Alternative(text: text($0), confidence: confidence(margin: worth($0) - worth(best)))
      })
  }

  /// How sure a string is that lies so many nats before the next.
  private static func confidence(margin: Float) -> Confidence { Confidence(Double(1 / (1 + expf(-margin)))) }
}
