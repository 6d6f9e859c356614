internal import Core
internal import Inference

extension MoonshineModel {
  /// Writes down what is said, with nothing expected.
  func write(_ samples: [Float], limit: Int, ticket: InferenceTicket) throws(InferenceError) -> Transcript {
    try write(from: try begin(samples, ticket: ticket), limit: limit, ticket: ticket)
  }

  private func write(
    from heard: MoonshineDecoding, limit: Int, ticket: InferenceTicket
  ) throws(InferenceError) -> Transcript {
    var decoding = heard
    var free = GreedyRow(limit: limit)
    while let piece = try decoding.scores(of: 0, { free.take($0) }) {
      try ticket.checkpoint()
      try decoding.advance([(0, piece)])
    }
    return free.transcript
  }

  /// Writes down what is said, leaning to phrases.
  func write(
    _ samples: [Float], leaningTo phrases: PhraseBonus, limit: Int, ticket: InferenceTicket
  ) throws(InferenceError) -> Transcript {
    var decoding = try begin(samples, ticket: ticket)
    var beam = PhraseBeam(phrases, limit: limit)
    while true {
      for row in 0..<decoding.rows { try decoding.scores(of: row) { beam.consider(row, $0) } }
      let next = beam.choose()
      guard !next.isEmpty else { return beam.transcript }
      try ticket.checkpoint()
      try decoding.advance(next)
    }
  }

  /// Writes down what is said as digits only; freely too, from the same hearing, when digits are not plainly what was said.
  func writeDigits(
    _ samples: [Float], asked: ClosedRange<Int>, longest: Int, limit: Int, ticket: InferenceTicket
  ) throws(InferenceError) -> (digits: [DigitBeam.Reading], free: Transcript?) {
    let heard = try begin(samples, ticket: ticket)
    var decoding = heard
    var beam = DigitBeam(digitPieces, longest: longest, limit: limit)
    while true {
      for row in 0..<decoding.rows { try decoding.scores(of: row) { beam.consider(row, $0) } }
      let next = beam.choose()
      guard !next.isEmpty else { break }
      try ticket.checkpoint()
      try decoding.advance(next)
    }
    let digits = beam.readings
    if let best = digits.first, asked.contains(best.digits.count), best.forgone < Self.plainlyDigits {
      return (digits, nil)
    }
    return (digits, try write(from: heard, limit: limit, ticket: ticket))
  }

  /// Nats that a string of digits may give up and is still plainly one. Measured: strings of eight give up less than this in
  /// nine of ten cases, other speech never.
  private static let plainlyDigits: Float = 4
}
