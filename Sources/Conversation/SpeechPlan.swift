import Core

/// What the agent is about to say and what it is saying: sentences are gathered into utterances, utterances are counted until
/// the line says they ended.
struct SpeechPlan: Hashable, Sendable {
  private var last = UtteranceID(0)
  private var sentences: [Sentence] = []
  private var policy: InterruptionPolicy = .free
  private var purpose: Utterance.Purpose = .answer
  private var turn = TurnNumber(0)
  private var atLine: [AtLine] = []
  /// What was at a line that is gone, in order: nobody told that it was heard.
  private var unheard: [Sentence] = []

  /// An utterance given to the line that has not ended.
  struct AtLine: Hashable {
    let id: UtteranceID
    let words: [Sentence]
    let purpose: Utterance.Purpose
    var sentences: Int { words.count }
    /// The longest it may sound.
    var longest: CallSpan { .seconds(Limits.sentenceSeconds * sentences) }
  }

  /// Whether nothing is being said, waits to be said, or is being gathered.
  var isSilent: Bool { atLine.isEmpty && sentences.isEmpty }

  /// An utterance at the line; nil when it ended.
  subscript(id: UtteranceID) -> AtLine? { atLine.first { $0.id == id } }

  /// Whether nothing is to be played before it.
  func isFirst(_ id: UtteranceID) -> Bool { atLine.first?.id == id }

  /// The longest that utterances before this one may take.
  func backlog(of id: UtteranceID) -> CallSpan {
    atLine.prefix { $0.id != id }.reduce(.zero) { $0 + $1.longest }
  }

  /// Adds sentences. One utterance has one policy and one purpose: when they differ, what was gathered is returned to be spoken first.
  mutating func add(
    _ more: [Sentence], _ policy: InterruptionPolicy, _ purpose: Utterance.Purpose, turn: TurnNumber
  ) -> Utterance? {
    guard !more.isEmpty else { return nil }
    let before = sentences.isEmpty || (policy == self.policy && purpose == self.purpose) ? nil : take()
    self.policy = policy
    self.purpose = purpose
    self.turn = turn
    sentences += more
    return before
  }

  /// The gathered utterance; nil when there is none.
  mutating func take() -> Utterance? {
    guard !sentences.isEmpty else { return nil }
    last = last.next
    atLine.append(AtLine(id: last, words: sentences, purpose: purpose))
    defer { sentences = [] }
    return Utterance(id: last, turn: turn, sentences: sentences, interruption: policy, purpose: purpose)
  }

  /// The line reports the end of one.
  mutating func ended(_ id: UtteranceID) { atLine.removeAll { $0.id == id } }

  /// Nothing more is expected of the line. Returns what was at it.
  @discardableResult
  mutating func forget() -> [UtteranceID] {
    defer { atLine = [] }
    return atLine.map(\.id)
  }

  /// Whether an answer is at the line, or was at one that is gone.
  var owesAnAnswer: Bool { !unheard.isEmpty || atLine.contains { $0.purpose == .answer } }

  /// The line is gone, and another one may join: what answered is to be said there, if anything. Returns what was at it.
  mutating func lineIsGone(isSaidAgain: Bool) -> [UtteranceID] {
    unheard = isSaidAgain ? unheard + answers : []
    return forget()
  }

  private var answers: [Sentence] { atLine.filter { $0.purpose == .answer }.flatMap(\.words) }

  /// What nobody told to have been heard; it is said now.
  mutating func takeUnheard() -> [Sentence] {
    defer { unheard = [] }
    return unheard
  }
}
