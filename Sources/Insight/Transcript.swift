public import Core
internal import FoundationEssentials
public import Governance
internal import Language

/// A line of a transcript. Holds what people said: for those who may read it, never for logs.
public struct TranscriptLine: Sendable, Codable {
  /// The call.
  public let call: String
  /// Seconds from the call's start.
  public let at: Double
  /// `caller` or `agent`; nil for the call's own events.
  public var speaker: String?
  /// The words.
  public var text: String?
  /// `speech` or `dtmf`.
  public var kind: String?
  /// How much of it the caller heard, in percent; on the line that tells of a cut.
  public var heard: Int?
  /// `started`, `ended`, `suspended` (the line is gone, the conversation can be gone on with), `resumed`, or `cut`: the agent's
  /// words in `text` were heard in part.
  public var event: String?
  /// The line's own name of the call.
  public var sip_call_id: String?
  /// What the call came to.
  public var outcome: String?
  /// Milliseconds from the end of the caller's speech to the first sample of this answer.
  public var latency_ms: Int?

  init(_ entry: JournalEntry) {
    call = entry.call.rawValue
    at = Double(entry.instant.milliseconds) / 1000
  }
}

/// Makes a transcript of a journal for an exit, line by line. Values that are denied there, or not revealed, show as their label.
public struct TranscriptFold: Sendable {
  private let locale: LocaleTag
  private let policy: DataPolicy
  private let exit: DataExit
  private var spoken: [UtteranceID: [String]] = [:]
  private var outcome = CallOutcomeFold()
  /// Words of the open turn: later ones of it may replace them.
  private var open: [(segment: Int?, line: TranscriptLine)] = []

  /// A transcript in the assistant's language.
  /// - Parameter exit: where it goes.
  public init(for exit: DataExit, by policy: DataPolicy, locale: LocaleTag = .americanEnglish) {
    self.exit = exit
    self.policy = policy
    self.locale = locale
  }

  /// What the next line of the journal adds to the transcript. The caller's words are told once their turn is over, or something
  /// else is: until then what was read of several voices together replaces what was read of each.
  public mutating func take(_ entry: JournalEntry) -> [TranscriptLine] {
    if case .event(.transcript(let heard)) = entry.record {
      outcome.take(entry)
      guard heard.kind != .empty else { return [] }
      if let since = heard.since, let segment = heard.segment, since < segment {
        open.removeAll { ($0.segment).map((since..<segment).contains) ?? false }
      }
      open.append((heard.segment, said(heard, in: entry)))
      return []
    }
    let told = line(of: entry)
    if case .effect(.work(.understand)) = entry.record { return rest() }
    return told.map { rest() + [$0] } ?? []
  }

  /// What is still to be told when nothing more comes.
  public mutating func rest() -> [TranscriptLine] {
    defer { open = [] }
    return open.map(\.line)
  }

  private func said(_ heard: Heard, in entry: JournalEntry) -> TranscriptLine {
    var line = TranscriptLine(entry)
    line.speaker = "caller"
    line.kind = "speech"
    line.text = text(heard.text)
    return line
  }

  private mutating func line(of entry: JournalEntry) -> TranscriptLine? {
    outcome.take(entry)
    var line = TranscriptLine(entry)
    switch entry.record {
    case .event(.message(let heard)): return heard.kind == .empty ? nil : said(heard, in: entry)
    case .event(.digit(let key)):
      line.speaker = "caller"
      line.kind = "dtmf"
      line.text = text(key)
    case .effect(.speak(let utterance)):
      spoken[utterance.id] = utterance.sentences.map(words)
      return nil
    case .event(.playback(let playback)):
      guard let sentences = spoken[playback.utterance] else { return nil }
      line.text = sentences.joined(separator: " ")
      switch playback.state {
      case .started:
        line.speaker = "agent"
        line.kind = "speech"
      case .stopped, .failed:
        line.event = "cut"
        line.heard = Self.percent(of: sentences, played: playback.playedPermille)
        spoken[playback.utterance] = nil
      case .finished:
        spoken[playback.utterance] = nil
        return nil
      case .paused, .resumed: return nil
      }
    case .remark(.lineIdentity(let identity)):
      line.event = "started"
      line.sip_call_id = policy.grant(identity, at: exit).flatMap { text in
        try? JSONDecoder().decode(LineName.self, from: Data(text.utf8)).callID
      }
    case .event(.hungUp):
      line.event = "ended"
      line.outcome = outcome.outcome.rawValue
    case .effect(.suspend): line.event = "suspended"
    case .event(.attached): line.event = "resumed"
    default: return nil
    }
    return line
  }

  /// What an utterance says, as it is spoken.
  public func words(of utterance: Utterance) -> String {
    utterance.sentences.map(words).joined(separator: " ")
  }

  private func words(of sentence: Sentence) -> String {
    sentence.pieces.map { piece in
      switch piece {
      case .words(let words): words
      case .value(let value, let grammar):
        policy.grant(value, at: exit).map { SpokenForm.text(for: .text($0), grammar: grammar, locale: locale) }
          ?? value.description
      }
    }.joined()
  }

  /// Thousandths of sentences as percent of all, by their length in letters.
  private static func percent(of sentences: [String], played: [Int]) -> Int {
    let all = sentences.reduce(0) { $0 + $1.count }
    let heard = zip(sentences, played).reduce(0) { $0 + $1.0.count * $1.1 }
    return heard / (10 * max(1, all))
  }

  private func text(_ value: Sensitive<String>) -> String { policy.text(of: value, at: exit) }
}

/// The one field of a SIP line's identity that a transcript names.
private struct LineName: Decodable {
  let callID: String
}
