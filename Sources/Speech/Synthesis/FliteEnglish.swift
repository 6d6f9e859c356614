internal import CFlite
internal import Core
internal import Synchronization

/// Flite, one caller at a time: how English is read, and its voice "kal".
final class FliteEnglish: Sendable {
  /// The one of this process; nil when its tables cannot be loaded.
  static let shared: FliteEnglish? = FliteEnglish()

  /// Flite's handle, reached only under the lock and never freed.
  private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

  private let handle: Mutex<Handle>

  private init?() {
    guard let pointer = flite_english_open() else { return nil }
    handle = Mutex(Handle(pointer: pointer))
  }

  static func loaded() throws(SpeechError) -> FliteEnglish {
    guard let shared else { throw SpeechError(.noPronunciation, "flite's English cannot be loaded") }
    return shared
  }

  /// The words of a text as they are spoken; microseconds a word.
  func read(_ text: String) throws(SpeechError) -> [ReadWord] {
    let lines: String? = handle.withLock { handle in
      guard let lines = flite_english_read(handle.pointer, SpokenText.ascii(text)) else { return nil }
      defer { flite_text_free(lines) }
      return String(cString: lines)
    }
    guard let lines else { throw SpeechError(.noPronunciation, "a text cannot be read") }
    return ReadWord.words(in: lines)
  }

  /// The text spoken by "kal". `stretch` 2 is half the speed.
  func speak(_ text: String, stretch: Float) throws(SpeechError) -> AudioClip {
    let clip: AudioClip? = handle.withLock { handle in
      var count = 0
      var rate: Int32 = 0
      guard let samples = flite_english_speak(handle.pointer, SpokenText.ascii(text), stretch, &count, &rate) else {
        return nil
      }
      defer { flite_samples_free(samples) }
      return AudioClip(samples: Array(UnsafeBufferPointer(start: samples, count: count)), sampleRate: Int(rate))
    }
    guard let clip else { throw SpeechError(.engineFailed, "flite gave no audio") }
    return clip
  }
}
