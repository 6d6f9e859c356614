public import Core
internal import Glibc

/// Speech by loudness over an adaptive noise floor: the stand-in where no model is installed.
///
/// Takes loud noise for speech; good enough for clean lines and tests. Belongs to one loop.
public final class EnergyDetector: VoiceActivityDetector {
  public let sampleRate: Int
  public let windowLength: Int

  /// What counts as silence before anything was heard, in decibels below full scale.
  private static let firstFloor: Float = -55
  /// Nothing quieter is speech.
  private static let quietest: Float = -50
  /// A window this far above the floor is as likely speech as not.
  private static let margin: Float = 10
  /// How fast the floor follows louder surroundings, in decibels a second; it follows quieter ones at once.
  private static let rise: Float = 3

  private var floor = EnergyDetector.firstFloor
  private let risePerWindow: Float

  /// A detector for windows of 32 ms.
  public init(sampleRate: Int = 8000) {
    self.sampleRate = max(1000, sampleRate)
    windowLength = self.sampleRate * 32 / 1000
    risePerWindow = Self.rise * Float(windowLength) / Float(self.sampleRate)
  }

  public func probability(of window: Span<Int16>) -> Float {
    guard window.count == windowLength else { return 0 }
    let level = Self.level(of: window)
    floor = level < floor ? max(level, -90) : min(floor + risePerWindow, level)
    guard level > Self.quietest else { return 0 }
    return 1 / (1 + expf((Self.margin - (level - floor)) / 2))
  }

  public func reset() { floor = Self.firstFloor }

  /// Mean power in decibels below full scale; -100 for digital silence.
  static func level(of window: Span<Int16>) -> Float {
    var sum: Int64 = 0
    for index in window.indices {
      let sample = Int64(window[index])
      sum += sample * sample
    }
    guard sum > 0 else { return -100 }
    return 10 * log10f(Float(sum) / Float(window.count) / (32768 * 32768))
  }
}
