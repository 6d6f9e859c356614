internal import Audio
public import Core
internal import Synchronization

/// The agent's voice: a synthesizer, one to fall back on, and what was synthesised ahead.
///
/// Clips come back at the line's rate. Sentences without a caller's value are kept for all calls; others live with their call.
public final class Voice: Sendable {
  private let synthesizer: any SpeechSynthesizer
  private let fallback: (any SpeechSynthesizer)?
  private let rate: Int
  private let kept: Mutex<ClipCache>

  /// A voice.
  ///
  /// - Parameters:
  ///   - fallback: speaks when the first one fails; a caller never meets silence.
  ///   - rate: speed in thousandths of the voice's own.
  ///   - capacity: seconds of audio kept for sentences without variables; the least recently used go first.
  public init(
    _ synthesizer: any SpeechSynthesizer, fallback: (any SpeechSynthesizer)?, rate: Int = 1000,
    capacitySeconds: Int = 600
  ) {
    self.synthesizer = synthesizer
    self.fallback = fallback
    self.rate = rate
    kept = Mutex(ClipCache(capacity: capacitySeconds * AudioFrame.sampleRate))
  }

  /// What was synthesised ahead, or nil. Costs no synthesis.
  func kept(_ text: String) -> AudioClip? { kept.withLock { $0.clip(for: text) } }

  /// A sentence as sound at the line's rate.
  ///
  /// - Parameters:
  ///   - isConstant: it holds no caller's value and may be kept for other calls.
  ///   - isAwaited: a caller waits for it.
  func clip(
    for text: String, isConstant: Bool, isAwaited: Bool, deadline: ContinuousClock.Instant
  ) async throws -> AudioClip {
    if let clip = kept(text) { return clip }
    let settings = VoiceSettings(rate: rate, isAwaited: isAwaited)
    do {
      let clip = try await synthesizer.synthesize(text, voice: settings, deadline: deadline)
        .resampled(to: AudioFrame.sampleRate)
      if isConstant { kept.withLock { $0.keep(clip, for: text) } }
      return clip
    } catch {
      guard !Task.isCancelled, let fallback else { throw error }
      // The other voice's clip is not kept: the next call tries its own voice again.
      return try await fallback.synthesize(text, voice: settings, deadline: deadline + .seconds(2))
        .resampled(to: AudioFrame.sampleRate)
    }
  }

  /// Synthesises sentences ahead, one by one, when there is time.
  public func prepare(_ sentences: [String]) async {
    for sentence in sentences {
      guard !Task.isCancelled else { return }
      _ = try? await clip(
        for: sentence, isConstant: true, isAwaited: false, deadline: ContinuousClock.now + .seconds(60))
    }
  }
}

/// Clips by sentence, bounded by their samples; the least recently used go first.
struct ClipCache {
  private let capacity: Int
  private var clips: [String: (clip: AudioClip, used: Int)] = [:]
  private var samples = 0
  private var clock = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func clip(for text: String) -> AudioClip? {
    guard let found = clips[text] else { return nil }
    clock += 1
    clips[text] = (found.clip, clock)
    return found.clip
  }

  mutating func keep(_ clip: AudioClip, for text: String) {
    guard clip.samples.count <= capacity else { return }
    if let old = clips[text] { samples -= old.clip.samples.count }
    clock += 1
    clips[text] = (clip, clock)
    samples += clip.samples.count
    while samples > capacity, let oldest = clips.min(by: { $0.value.used < $1.value.used }) {
      samples -= oldest.value.clip.samples.count
      clips[oldest.key] = nil
    }
  }
}
