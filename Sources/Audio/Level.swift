import Glibc

/// Loudness of linear samples.
extension Span where Element == Int16 {
  /// Mean of the squares; 0 for no samples.
  public var meanSquare: Float { meanSquare(in: indices) }

  /// Mean of the squares of a part; 0 for an empty part.
  public func meanSquare(in range: Range<Int>) -> Float {
    guard !range.isEmpty else { return 0 }
    var sum: Int64 = 0
    for index in range {
      let sample = Int64(self[index])
      sum &+= sample &* sample
    }
    return Float(sum) / Float(range.count)
  }

  /// Root of the mean of the squares, 0 to 32768.
  public var rms: Float { meanSquare.squareRoot() }

  /// The largest magnitude, 0 to 32768.
  public var peak: Int {
    var peak = 0
    for index in indices { peak = Swift.max(peak, abs(Int(self[index]))) }
    return peak
  }

  /// Level in dBov (RFC 6464 terms): 0 is a full-scale square wave, digital silence is `Level.silence`.
  public var levelInDecibels: Float { Level.dBov(meanSquare: meanSquare) }
}

/// Levels in dBov, decibels under a full-scale square wave.
public enum Level {
  /// What digital silence counts as.
  public static let silence: Float = -127

  /// The level of a mean square of 16-bit samples.
  public static func dBov(meanSquare: Float) -> Float {
    guard meanSquare > 0 else { return silence }
    return max(silence, 10 * log10f(meanSquare / (32_768 * 32_768)))
  }

  /// The mean square of 16-bit samples at a level.
  public static func meanSquare(dBov: Float) -> Float { powf(10, dBov / 10) * (32_768 * 32_768) }
}
