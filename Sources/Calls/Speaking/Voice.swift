public import Audio
public import Core
internal import Synchronization

/// The agent's voice: a synthesizer, one to fall back on, and what was synthesised ahead.
///
/// Clips come back at the rate of the line that asks. Sentences without a caller's value are kept for all calls, for each rate
/// by itself; others live with their call.
public final class Voice: Sendable {
  private let synthesizer: any SpeechSynthesizer
  private let fallback: (any SpeechSynthesizer)?
  private let rate: Int
  private let lines: [AudioRate]
  private let kept: Mutex<ClipCache>

  /// A voice.
  ///
  /// - Parameters:
  ///   - fallback: speaks when the first one fails; a caller never meets silence.
  ///   - rate: speed in thousandths of the voice's own.
  ///   - lines: the rates of the lines that may ask; sentences are prepared for each.
  ///   - capacity: seconds of audio kept for sentences without variables, at each of these rates; the least recently used go
  ///     first.
  public init(
    _ synthesizer: any SpeechSynthesizer, fallback: (any SpeechSynthesizer)?, rate: Int = 1000,
    lines: [AudioRate] = [.narrowband], capacitySeconds: Int = 600
  ) {
    self.synthesizer = synthesizer
    self.fallback = fallback
    self.rate = rate
    self.lines = lines
    kept = Mutex(ClipCache(capacity: capacitySeconds * lines.map(\.hertz).reduce(0, +)))
  }

  /// What was synthesised ahead for lines of a rate, or nil. Costs no synthesis.
  func kept(_ text: String, for line: AudioRate) -> AudioClip? {
    kept.withLock { $0.clip(for: ClipCache.Key(text: text, rate: line)) }
  }

  /// A sentence as sound at a line's rate.
  ///
  /// - Parameters:
  ///   - isConstant: it holds no caller's value and may be kept for other calls.
  ///   - isAwaited: a caller waits for it.
  ///   - watch: told how the voices do; nil: nobody is.
  func clip(
    for text: String, line: AudioRate, isConstant: Bool, isAwaited: Bool, deadline: ContinuousClock.Instant,
    watch: EngineWatch? = nil
  ) async throws -> AudioClip {
    if let clip = kept(text, for: line) { return clip }
    let settings = VoiceSettings(rate: rate, isAwaited: isAwaited)
    do {
      let made = try await synthesizer.synthesize(text, voice: settings, deadline: deadline)
      watch?.gave(.voice, deadline: deadline)
      watch?.gave(.speech, deadline: deadline)
      return isConstant ? try keep(made, of: text, for: line) : try made.resampled(to: line.hertz)
    } catch {
      watch?.failed(fallback == nil ? .speech : .voice, error, deadline: deadline)
      guard !Task.isCancelled, let fallback else { throw error }
      let deadline = deadline + .seconds(2)
      do {
        // The other voice's clip is not kept: the next call tries its own voice again.
        let made = try await fallback.synthesize(text, voice: settings, deadline: deadline)
        watch?.gave(.speech, deadline: deadline)
        return try made.resampled(to: line.hertz)
      } catch {
        watch?.failed(.speech, error, deadline: deadline)
        throw error
      }
    }
  }

  private func keep(_ made: AudioClip, of text: String, for line: AudioRate) throws(AudioError) -> AudioClip {
    let clip = try made.resampled(to: line.hertz)
    kept.withLock { $0.keep(clip, for: ClipCache.Key(text: text, rate: line)) }
    return clip
  }

  /// Synthesises sentences ahead, one by one; each once for all rates.
  ///
  /// - Parameters:
  ///   - isAwaited: callers wait for them; else they are made when there is time.
  ///   - limit: for each of them.
  public func prepare(_ sentences: [String], isAwaited: Bool = false, within limit: Duration = .seconds(60)) async {
    for sentence in sentences {
      guard !Task.isCancelled else { return }
      let missing = lines.filter { kept(sentence, for: $0) == nil }
      guard !missing.isEmpty else { continue }
      // What cannot be said now is tried again when it is wanted.
      let made = try? await synthesizer.synthesize(
        sentence, voice: VoiceSettings(rate: rate, isAwaited: isAwaited), deadline: ContinuousClock.now + limit)
      guard let made else { continue }
      for line in missing { _ = try? keep(made, of: sentence, for: line) }
    }
  }
}

/// Clips by sentence and rate, bounded by their samples; the least recently used go first.
struct ClipCache {
  /// A sentence for lines of one rate.
  struct Key: Hashable {
    let text: String
    let rate: AudioRate
  }

  private let capacity: Int
  private var clips: [Key: (clip: AudioClip, used: Int)] = [:]
  private var samples = 0
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func clip(for key: Key) -> AudioClip? {
    guard let found = clips[key] else { return nil }
    clock += 1
    clips[key] = (found.clip, clock)
    return found.clip
  }

  mutating func keep(_ clip: AudioClip, for key: Key) {
    guard clip.samples.count <= capacity else { return }
    if let old = clips[key] { samples -= old.clip.samples.count }
    clock += 1
    clips[key] = (clip, clock)
    samples += clip.samples.count
    while samples > capacity, let oldest = clips.min(by: { $0.value.used < $1.value.used }) {
      samples -= oldest.value.clip.samples.count
      clips[oldest.key] = nil
    }
  }
}
