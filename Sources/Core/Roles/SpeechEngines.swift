/// Names an engine and its version, for logs, journals and caches; equal identities give equal results for equal input
/// as far as the engine is deterministic.
public struct EngineIdentity: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Such as `moonshine-base-en`.
  public let name: String
  /// Such as `0.1.4`.
  public let version: String
  /// An identity.
  public init(name: String, version: String) {
    self.name = name
    self.version = version
  }
  /// Such as `moonshine-base-en@0.1.4`.
  public var description: String { "\(name)@\(version)" }
}

/// Tells speech from everything else, window by window, on the frame path: synchronous, belongs to one call's loop, and
/// nothing of ours is allocated per window.
public protocol VoiceActivityDetector: AnyObject {
  /// Samples in a second of the windows it takes.
  var sampleRate: Int { get }
  /// Samples of one window.
  var windowLength: Int { get }
  /// How probable speech is in the next window of the stream, 0 to 1. A window of another length counts as silence.
  func probability(of window: Span<Int16>) -> Float
  /// Forgets the stream so far.
  func reset()
}

/// Makes a detector for each call, sharing what can be shared.
public protocol VoiceActivityDetectorSource: Sendable {
  /// Names the engine.
  var identity: EngineIdentity { get }
  /// A detector for one stream, to be used on one loop.
  func makeDetector() throws -> any VoiceActivityDetector
}

/// What a recogniser is asked for.
public enum RecognitionMode: String, Hashable, Sendable, Codable {
  /// The words of a finished utterance.
  case final
  /// A guess at an utterance that goes on; may be dropped for more urgent work.
  case partial
}

/// What a recogniser heard. Free speech of a caller: its description shows none of it.
public struct Recognition: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// One word as it stands in the text, with its punctuation.
  public struct Word: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The word.
    public let text: String
    /// How sure the engine is of it.
    public let confidence: Confidence
    /// A word.
    public init(text: String, confidence: Confidence) {
      self.text = text
      self.confidence = confidence
    }
    public var description: String { "<word>" }
    public var customMirror: Mirror { Mirror(self, children: ["confidence": confidence]) }
  }

  /// Another reading of the same audio.
  public struct Alternative: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The words.
    public let text: String
    /// How sure the engine is of them.
    public let confidence: Confidence
    /// An alternative.
    public init(text: String, confidence: Confidence) {
      self.text = text
      self.confidence = confidence
    }
    public var description: String { "<alternative>" }
    public var customMirror: Mirror { Mirror(self, children: ["confidence": confidence]) }
  }

  /// The words as the engine writes them, with its punctuation and capitals; empty when there was no speech.
  public let text: String
  /// How sure the engine is of the whole.
  public let confidence: Confidence
  /// The words one by one; empty when the engine does not tell.
  public let words: [Word]
  /// How much audio was heard.
  public let duration: CallSpan
  /// Other readings, best first; empty when the engine has none.
  public let alternatives: [Alternative]

  /// A result.
  public init(
    text: String, confidence: Confidence, words: [Word] = [], duration: CallSpan, alternatives: [Alternative] = []
  ) {
    self.text = text
    self.confidence = confidence
    self.words = words
    self.duration = duration
    self.alternatives = alternatives
  }

  public var description: String { "<\(words.count) words, confidence \(confidence)>" }
  public var customMirror: Mirror { Mirror(self, children: ["words": words.count, "confidence": confidence]) }
}

/// Makes words of speech.
public protocol SpeechRecognizer: Sendable {
  /// Names the engine.
  var identity: EngineIdentity { get }
  /// The words in a clip of any sample rate. Throws when the deadline passes, the task is cancelled, a partial is dropped
  /// for more urgent work, or the engine fails.
  ///
  /// - Parameter context: what is expected; an engine that cannot use it hears as without.
  func recognize(
    _ audio: AudioClip, mode: RecognitionMode, expecting context: RecognitionContext,
    deadline: ContinuousClock.Instant
  ) async throws -> Recognition
}

/// How a text is to be spoken.
public struct VoiceSettings: Hashable, Sendable, Codable {
  /// Speed in thousandths of the voice's own; 500 to 2000.
  public var rate: Int
  /// Whether somebody waits for this audio now (the first sentence of an answer); else it is made when there is time.
  public var isAwaited: Bool
  /// Settings; the rate is clamped.
  public init(rate: Int = 1000, isAwaited: Bool = true) {
    self.rate = min(2000, max(500, rate))
    self.isAwaited = isAwaited
  }
}

/// Makes speech of a text.
public protocol SpeechSynthesizer: Sendable {
  /// Names engine and voice.
  var identity: EngineIdentity { get }
  /// Samples in a second of what it gives.
  var sampleRate: Int { get }
  /// The text as speech, without long silence at either end. One sentence at a time gives the first sound soonest.
  /// Throws when the deadline passes, the task is cancelled or the engine fails.
  func synthesize(
    _ text: String, voice: VoiceSettings, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip
}
