/// The likeliest strings of digits, however they are written: a beam over the pieces that write digits.
struct DigitBeam {
  /// A string that came to its end.
  struct Reading: Sendable {
    /// The digits, such as `53814960`.
    let digits: String
    /// Nats, all pieces and the end.
    let score: Float
    /// Nats that were given up for writing digits only: how far its pieces lie behind the likeliest ones of all.
    let forgone: Float
  }

  private struct Hypothesis {
    var node = DigitPieces.start
    var symbols: [UInt8] = []
    var score: Float = 0
    var forgone: Float = 0
  }

  private struct Candidate {
    let row: Int
    let piece: Int
    let hypothesis: Hypothesis
  }

  /// How many are followed beside each other.
  private static let width = 3
  /// What lies so far (nats) behind the best string says nothing more.
  private static let hopeless: Float = 6
  /// What lies so far behind the likeliest that is being written is not followed.
  private static let unlikely: Float = 3.5
  /// What had to give up so much (nats) is no number.
  private static let noNumber: Float = 20

  private let pieces: DigitPieces
  private let longest: Int
  private let limit: Int
  private var steps = 0
  private var living = [Hypothesis()]
  private var candidates: [Candidate] = []
  private var ended: [String: Reading] = [:]

  /// A beam for strings of at most so many digits, written in at most so many pieces.
  init(_ pieces: DigitPieces, longest: Int, limit: Int) {
    self.pieces = pieces
    self.longest = longest
    self.limit = limit
  }

  /// How many rows are followed.
  var rows: Int { living.count }

  /// Takes the scores of what comes next in one of the rows.
  mutating func consider(_ row: Int, _ scores: Span<Float>) {
    let from = living[row]
    let (likeliest, highest) = PieceScores.best(of: scores)
    let normaliser = scores[likeliest] - highest
    for step in pieces.steps(from: from.node) where step.piece < scores.count {
      let score = from.score + scores[step.piece] - normaliser
      if candidates.count == Self.width, let last = candidates.last, score <= last.hypothesis.score { continue }
      let symbols = from.symbols + step.symbols
      guard symbols.count <= longest else { continue }
      let place = candidates.firstIndex { $0.hypothesis.score < score } ?? candidates.count
      candidates.insert(
        Candidate(
          row: row, piece: step.piece,
          hypothesis: Hypothesis(
            node: step.node, symbols: symbols, score: score, forgone: from.forgone + highest + from.score - score)),
        at: place)
      if candidates.count > Self.width { candidates.removeLast() }
    }
    guard let last = pieces.ending(at: from.node), let digits = DigitPieces.digits(of: from.symbols + last),
      !digits.isEmpty
    else { return }
    let score = from.score + scores[TokenVocabulary.end] - normaliser
    let text = String(decoding: digits, as: UTF8.self)
    if score > ended[text]?.score ?? -.infinity {
      ended[text] = Reading(digits: text, score: score, forgone: from.forgone + highest + from.score - score)
    }
  }

  /// Which rows go on, and with what, once all were considered; none when nothing likelier can come.
  mutating func choose() -> [(row: Int, piece: Int)] {
    steps += 1
    let least = max(
      ended.values.map(\.score).max().map { $0 - Self.hopeless } ?? -.infinity,
      candidates.first.map { $0.hypothesis.score - Self.unlikely } ?? -.infinity)
    let kept =
      steps < limit ? candidates.filter { $0.hypothesis.score > least && $0.hypothesis.forgone < Self.noNumber } : []
    candidates = []
    living = kept.map(\.hypothesis)
    return kept.map { ($0.row, $0.piece) }
  }

  /// What was found, best first.
  var readings: [Reading] {
    ended.values.sorted { ($0.score, $1.digits) > ($1.score, $0.digits) }
  }
}
