/// The likeliest strings of digits, however they are written, and what is written freely beside them: a beam over the pieces that
/// write digits, which may stand behind other words ("the number is") and before others ("please").
///
/// One row writes freely. At each of its words a string may begin, as long as no digit was written there; behind a string of a
/// length that is asked for the likeliest other words may follow.
struct DigitBeam {
  /// A string that came to its end.
  struct Reading: Sendable {
    /// The digits, such as `53814960`.
    let digits: String
    /// Other words before and behind them.
    let before, after: MoonshineModel.Transcript
    /// Nats, all pieces and the end, less what a string behind other words has to be ahead.
    let score: Float
    /// Nats that were given up for writing digits only: how far its pieces lie behind the likeliest ones of all.
    let forgone: Float

    /// Whether nothing else was said.
    var isAlone: Bool { before.tokens.isEmpty && after.tokens.isEmpty }
  }

  private struct Hypothesis {
    var node = DigitPieces.start
    var symbols: [UInt8] = []
    var score: Float = 0
    var forgone: Float = 0
    var before = MoonshineModel.Transcript()
    /// What follows the digits, once something does.
    var after: MoonshineModel.Transcript?
  }

  private struct Candidate {
    let row: Int
    let piece: Int
    let hypothesis: Hypothesis
  }

  /// How many strings are followed beside each other.
  private static let width = 3
  /// How many of those that have come to other words.
  private static let afterWidth = 1
  /// What lies so far (nats) behind the best string says nothing more.
  private static let hopeless: Float = 6
  /// What lies so far behind the likeliest that is being written is not followed.
  private static let unlikely: Float = 3.5
  /// What had to give up so much (nats) is no number.
  private static let noNumber: Float = 20
  /// Nats that a string may give up and is still plainly one. Measured: strings of eight give up less than this in nine of ten
  /// cases, other speech never.
  private static let plainlyDigits: Float = 4

  /// Nats by which a string behind other words has to beat one that has taken them for digits: "it's" is nearly "six".
  private static let aloneCounts: Float = 3

  private let pieces: DigitPieces
  private let asked: ClosedRange<Int>
  private let longest: Int
  private let limit: Int
  private var steps = 0
  private var living: [Hypothesis] = []
  private var candidates: [Candidate] = []
  private var leaving: [Candidate] = []
  private var ended: [String: Reading] = [:]
  private var writing: GreedyRow
  private var isWriting = true
  private var next: Int?

  /// A beam for strings of so many digits; those of at most `longest` are told as well. At most `limit` pieces are written.
  init(_ pieces: DigitPieces, asked: ClosedRange<Int>, longest: Int, limit: Int) {
    self.pieces = pieces
    self.asked = asked
    self.longest = longest
    self.limit = limit
    writing = GreedyRow(limit: limit)
  }

  /// How many rows are followed: the strings, then what is written freely.
  var rows: Int { living.count + (isWriting ? 1 : 0) }

  /// What is written freely; nil while it is not at its end.
  var freely: MoonshineModel.Transcript? { isWriting ? nil : writing.transcript }

  /// Takes the scores of what comes next in one of the rows.
  mutating func consider(_ row: Int, _ scores: Span<Float>) {
    guard row < living.count else { return considerFree(row, scores) }
    let from = living[row]
    let (likeliest, highest) = PieceScores.best(of: scores)
    let normaliser = scores[likeliest] - highest
    if from.after != nil {
      goOn(from, row, with: likeliest, highest)
    } else {
      offer(from, row, scores, normaliser, highest)
      end(from, scores[TokenVocabulary.end] - normaliser, highest)
      if pieces.beginsOtherWord(likeliest, after: from.node), isAsked(from) {
        goOn(from, row, with: likeliest, highest)
      }
    }
  }

  private mutating func considerFree(_ row: Int, _ scores: Span<Float>) {
    let written = writing.transcript
    if !pieces.holdsDigits(written.tokens) {
      var from = Hypothesis()
      from.before = written
      from.score = written.score - (written.tokens.isEmpty ? 0 : Self.aloneCounts)
      let (likeliest, highest) = PieceScores.best(of: scores)
      offer(from, row, scores, scores[likeliest] - highest, highest)
    }
    next = writing.take(scores)
    isWriting = next != nil
  }

  /// Follows a string with each piece that goes on with digits.
  private mutating func offer(
    _ from: Hypothesis, _ row: Int, _ scores: Span<Float>, _ normaliser: Float, _ highest: Float
  ) {
    let isBehindWords = from.symbols.isEmpty && from.node == DigitPieces.start && !from.before.tokens.isEmpty
    for step in pieces.steps(from: from.node) where step.piece < scores.count {
      let score = from.score + scores[step.piece] - normaliser
      if candidates.count == Self.width, let last = candidates.last, score <= last.hypothesis.score { continue }
      if isBehindWords, !(step.beginsWord && step.writes) { continue }
      var hypothesis = from
      hypothesis.symbols += step.symbols
      guard hypothesis.symbols.count <= longest else { continue }
      hypothesis.node = step.node
      hypothesis.score = score
      hypothesis.forgone += highest + from.score - score
      Self.insert(Candidate(row: row, piece: step.piece, hypothesis: hypothesis), into: &candidates, Self.width)
    }
  }

  /// Follows a string with other words: the likeliest.
  private mutating func goOn(_ from: Hypothesis, _ row: Int, with piece: Int, _ logProbability: Float) {
    var hypothesis = from
    var after = from.after ?? MoonshineModel.Transcript()
    hypothesis.score += logProbability
    if piece == TokenVocabulary.end || pieces.beginsWord(piece), pieces.holdsDigits(after.tokens) { return }
    if piece == TokenVocabulary.end {
      after.ending = logProbability
      hypothesis.after = after
      return take(hypothesis)
    }
    after.tokens.append(piece)
    after.logProbabilities.append(logProbability)
    hypothesis.after = after
    Self.insert(Candidate(row: row, piece: piece, hypothesis: hypothesis), into: &leaving, Self.afterWidth)
  }

  private mutating func end(_ from: Hypothesis, _ logProbability: Float, _ highest: Float) {
    guard pieces.ending(at: from.node) != nil else { return }
    var hypothesis = from
    hypothesis.score += logProbability
    hypothesis.forgone += highest - logProbability
    take(hypothesis)
  }

  private mutating func take(_ hypothesis: Hypothesis) {
    guard let digits = digits(of: hypothesis), !digits.isEmpty else { return }
    let text = String(decoding: digits, as: UTF8.self)
    guard hypothesis.score > ended[text]?.score ?? -.infinity else { return }
    ended[text] = Reading(
      digits: text, before: hypothesis.before, after: hypothesis.after ?? MoonshineModel.Transcript(),
      score: hypothesis.score, forgone: hypothesis.forgone)
  }

  private func digits(of hypothesis: Hypothesis) -> [UInt8]? {
    pieces.ending(at: hypothesis.node).flatMap { DigitPieces.digits(of: hypothesis.symbols + $0) }
  }

  private func isAsked(_ hypothesis: Hypothesis) -> Bool {
    digits(of: hypothesis).map { asked.contains($0.count) } ?? false
  }

  private static func insert(_ candidate: Candidate, into candidates: inout [Candidate], _ width: Int) {
    let place = candidates.firstIndex { $0.hypothesis.score < candidate.hypothesis.score } ?? candidates.count
    candidates.insert(candidate, at: place)
    if candidates.count > width { candidates.removeLast() }
  }

  /// Which rows go on, and with what, once all were considered; none when nothing likelier can come.
  mutating func choose() -> [(row: Int, piece: Int)] {
    steps += 1
    let best = ended.values.max { $0.score < $1.score }
    let least = max(
      best.map { $0.score - Self.hopeless } ?? -.infinity,
      candidates.first.map { $0.hypothesis.score - Self.unlikely } ?? -.infinity)
    var kept = (candidates + leaving).filter { $0.hypothesis.score > least && $0.hypothesis.forgone < Self.noNumber }
    if steps >= limit { kept = [] }
    let freeRow = living.count
    candidates = []
    leaving = []
    living = kept.map(\.hypothesis)
    var rows = kept.map { ($0.row, $0.piece) }
    if let best, kept.isEmpty, asked.contains(best.digits.count), best.forgone < Self.plainlyDigits { return [] }
    if let next { rows.append((freeRow, next)) }
    next = nil
    return rows
  }

  /// What was found, best first.
  var readings: [Reading] {
    ended.values.sorted { ($0.score, $1.digits) > ($1.score, $0.digits) }
  }
}
