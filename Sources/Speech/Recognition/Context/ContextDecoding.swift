internal import Core
internal import Inference

extension MoonshineModel {
  /// Writes down what is said, with nothing expected.
  func write(_ samples: [Float], limit: Int, ticket: InferenceTicket) throws(InferenceError) -> Transcript {
    var decoding = try begin(samples, ticket: ticket)
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

  /// Writes down what is said as digits, with other words around them or none; and freely, from the same hearing, when digits are
  /// not plainly what was said.
  func writeDigits(
    _ samples: [Float], asked: ClosedRange<Int>, longest: Int, limit: Int, ticket: InferenceTicket
  ) throws(InferenceError) -> (digits: [DigitBeam.Reading], free: Transcript?) {
    var decoding = try begin(samples, ticket: ticket)
    var beam = DigitBeam(digitPieces, asked: asked, longest: longest, limit: limit)
    while true {
      for row in 0..<decoding.rows { try decoding.scores(of: row) { beam.consider(row, $0) } }
      let next = beam.choose()
      guard !next.isEmpty else { return (beam.readings, beam.freely) }
      try ticket.checkpoint()
      try decoding.advance(next)
    }
  }
}
