public import Core

/// What callers waited for, turn by turn, folded from a journal line by line. A turn is told when the first sound of its answer has left;
/// written turns, keys, and turns that nothing answers have no timing.
public struct LatencyFold: Sendable {
  private struct OpenTurn {
    let number: TurnNumber
    let voiceEnded: CallInstant
    let turnEnded: CallInstant
    /// How long the turn waited for its words when its silence was over.
    let wordsAwaited: CallSpan
    var work: [LatencyPart: CallSpan]
    var understood: CallInstant?
    var asked: CallInstant?
    var acknowledged: CallSpan?
    var tools = CallSpan.zero
    var kind = TurnClass.deterministic

    mutating func understand(at now: CallInstant) {
      guard understood == nil else { return }
      understood = now
      work[.understanding] = now - turnEnded
    }

    mutating func answer(at now: CallInstant) { asked = asked ?? now }

    mutating func acknowledge(at now: CallInstant) {
      if asked == nil { acknowledged = acknowledged ?? now - voiceEnded }
    }

    /// Only what comes before its answer holds a turn up.
    mutating func waitForTool(_ span: CallSpan) { if asked == nil { tools = tools + span } }
  }
  private var voiceEnded: (at: CallInstant, noticed: CallInstant)?
  private var words: CallInstant?
  private var turn: OpenTurn?
  private var askedTools: [EffectID: CallInstant] = [:]
  private var acknowledgements: Set<UtteranceID> = []
  private var delay = CallSpan.zero

  /// Nothing happened yet.
  public init() {}

  /// Takes the next line; a turn's timing when the line completes it.
  public mutating func take(_ entry: JournalEntry) -> TurnTiming? {
    let now = entry.instant
    switch entry.record {
    case .event(.speechEnded(let at)):
      voiceEnded = (at, now)
      words = nil
    case .event(.transcript): words = now
    case .effect(.work(let work)): began(work, now)
    case .event(.finished(let id, _)), .event(.timerFired(.work(let id))): ended(id, now)
    case .effect(.speak(let utterance)): said(utterance, now)
    case .event(.playback(let playback)) where playback.state == .started:
      if acknowledgements.contains(playback.utterance) { turn?.acknowledge(at: now) }
    case .remark(.media(let report)): delay = report.delay
    case .remark(.latency(let latency)): return timing(latency)
    default: break
    }
    return nil
  }

  private mutating func began(_ work: Work, _ now: CallInstant) {
    switch work {
    case .understand(let request):
      guard let voiceEnded else { return turn = nil }
      let own = words.map { $0 - voiceEnded.noticed }
      // Words that come when the silence is over end the turn themselves.
      let isLate = words == now
      turn = OpenTurn(
        number: request.turn, voiceEnded: voiceEnded.at, turnEnded: now, wordsAwaited: isLate ? own ?? .zero : .zero,
        work: own.map { [.recognition: $0] } ?? [:])
      acknowledgements = []
    case .invoke(let invocation):
      askedTools[invocation.effect] = now
      turn?.kind = .tool
    case .transfer: turn = nil
    }
  }

  private mutating func ended(_ id: WorkID, _ now: CallInstant) {
    switch id {
    case .understanding(let number): if number == turn?.number { turn?.understand(at: now) }
    case .tool(let effect): if let began = askedTools.removeValue(forKey: effect) { turn?.waitForTool(now - began) }
    case .transfer: break
    }
  }

  private mutating func said(_ utterance: Utterance, _ now: CallInstant) {
    guard utterance.turn == turn?.number else { return }
    switch utterance.purpose {
    case .acknowledgement: acknowledgements.insert(utterance.id)
    case .answer: turn?.answer(at: now)
    case .guidance: break
    }
  }

  private mutating func timing(_ latency: TurnLatency) -> TurnTiming? {
    guard let turn, turn.number == latency.turn, let total = latency.firstAudio else { return nil }
    self.turn = nil
    var parts: [LatencyPart: CallSpan] = [:]
    var reached = CallSpan.zero
    func count(_ part: LatencyPart, until mark: CallSpan) {
      let mark = min(max(mark, reached), total)
      parts[part] = mark - reached
      reached = mark
    }
    let turnEnded = turn.turnEnded - turn.voiceEnded
    let understood = turn.understood.map { $0 - turn.voiceEnded } ?? turnEnded
    count(.turnDetection, until: turnEnded - turn.wordsAwaited)
    count(.recognition, until: turnEnded)
    count(.understanding, until: understood)
    count(.tools, until: understood + turn.tools)
    count(.orchestration, until: turn.asked.map { $0 - turn.voiceEnded } ?? reached)
    count(.synthesis, until: latency.synthesis ?? reached)
    count(.lastMile, until: total)
    parts[.audioPath] = delay
    return TurnTiming(
      turn: turn.number, kind: turn.kind, parts: parts, work: turn.work,
      acknowledgement: turn.acknowledged.map { $0 + delay })
  }
}
