/// Writing with a leaning: several hypotheses, of which those gain that write likely phrases.
struct PhraseBeam {
  private struct Hypothesis {
    var transcript = MoonshineModel.Transcript()
    var loops = RepetitionGuard()
    var score: Float = 0
    var bonus = PhraseBonus.State()
    var worth: Float { score + bonus.earned }
  }

  private struct Candidate {
    let row: Int
    let piece: Int
    let logProbability: Float
    let score: Float
    let bonus: PhraseBonus.State
    var worth: Float { score + bonus.earned }
  }

  private static let width = 4
  /// Pieces of a row that are considered for themselves, without any bonus.
  private static let likely = 4

  private let phrases: PhraseBonus
  private let limit: Int
  private var living = [Hypothesis()]
  private var candidates: [Candidate] = []
  private var best: (worth: Float, transcript: MoonshineModel.Transcript)?

  /// A beam that writes at most so many pieces.
  init(_ phrases: PhraseBonus, limit: Int) {
    self.phrases = phrases
    self.limit = limit
  }

  /// How many rows are followed.
  var rows: Int { living.count }

  /// Takes the scores of what comes next in one of the rows.
  mutating func consider(_ row: Int, _ scores: Span<Float>) {
    let from = living[row]
    let normaliser = PieceScores.normaliser(of: scores)
    func offer(_ piece: Int) {
      let logProbability = scores[piece] - normaliser
      let bonus = phrases.after(piece, from.bonus)
      let candidate = Candidate(
        row: row, piece: piece, logProbability: logProbability, score: from.score + logProbability, bonus: bonus)
      guard !candidates.contains(where: { $0.row == row && $0.piece == piece }) else { return }
      let place = candidates.firstIndex { $0.worth < candidate.worth } ?? candidates.count
      guard place < Self.width else { return }
      candidates.insert(candidate, at: place)
      if candidates.count > Self.width { candidates.removeLast() }
    }
    let isFirst = from.transcript.tokens.isEmpty
    for piece in PieceScores.likeliest(Self.likely, of: scores) {
      if piece != TokenVocabulary.end {
        offer(piece)
      } else if !isFirst || PieceScores.beginning(of: scores).token == piece {
        let logProbability = scores[piece] - normaliser
        let worth = from.score + logProbability + phrases.earned(at: from.bonus)
        if worth > best?.worth ?? -.infinity {
          var transcript = from.transcript
          transcript.ending = logProbability
          best = (worth, transcript)
        }
      }
    }
    for piece in phrases.going(from: from.bonus) where piece < scores.count { offer(piece) }
  }

  /// Which rows go on, and with what, once all were considered; none when nothing likelier can come.
  mutating func choose() -> [(row: Int, piece: Int)] {
    defer { candidates = [] }
    var next: [Hypothesis] = []
    var rows: [(row: Int, piece: Int)] = []
    for candidate in candidates where candidate.worth > (best?.worth ?? -.infinity) {
      var hypothesis = living[candidate.row]
      hypothesis.transcript.tokens.append(candidate.piece)
      hypothesis.transcript.logProbabilities.append(candidate.logProbability)
      hypothesis.score = candidate.score
      hypothesis.bonus = candidate.bonus
      let isLoop = hypothesis.loops.take(candidate.piece) != nil
      if isLoop { continue }
      if hypothesis.transcript.tokens.count >= limit {
        if best == nil { best = (hypothesis.worth, hypothesis.transcript) }
        continue
      }
      next.append(hypothesis)
      rows.append((candidate.row, candidate.piece))
    }
    living = next
    return rows
  }

  /// What was written; empty when nothing came to an end.
  var transcript: MoonshineModel.Transcript { best?.transcript ?? MoonshineModel.Transcript() }
}
