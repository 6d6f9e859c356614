import Core

/// What the agent is about to say and what it is saying: sentences are gathered into utterances, utterances are counted until
/// the line says they ended.
struct SpeechPlan: Hashable, Sendable {
  private var last = UtteranceID(0)
  private var sentences: [Sentence] = []
  private var policy: InterruptionPolicy = .free
  private var purpose: Utterance.Purpose = .answer
  private var turn = TurnNumber(0)
  private var atLine: [UtteranceID] = []

  /// Whether nothing is being said, waits to be said, or is being gathered.
  var isSilent: Bool { atLine.isEmpty && sentences.isEmpty }

  /// The longest that utterances before the next one may take.
  var backlog: CallSpan { .seconds(Limits.longestUtteranceSeconds * max(0, atLine.count - 1)) }

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
    atLine.append(last)
    defer { sentences = [] }
    return Utterance(id: last, turn: turn, sentences: sentences, interruption: policy, purpose: purpose)
  }

  /// The line reports the end of one; false when it was not there any more.
  mutating func ended(_ id: UtteranceID) -> Bool {
    guard let index = atLine.firstIndex(of: id) else { return false }
    atLine.remove(at: index)
    return true
  }

  /// One is dropped, and all behind it.
  mutating func stopped(from id: UtteranceID) {
    atLine.removeAll { $0 > id }
  }

  /// Nothing more is expected of the line.
  mutating func forget() { atLine = [] }
}
