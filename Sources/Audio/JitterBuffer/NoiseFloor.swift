/// Follows the level of the background, to know in which frames nothing is said.
struct NoiseFloor: Hashable, Sendable {
  /// Nothing quieter than this (mean square, about -54 dBov) is ever speech, nothing louder than the other (-36) ever
  /// background.
  private static let lowest: Float = 60 * 60
  private static let highest: Float = 520 * 520

  private var floor = lowest

  /// Learns from a received frame: falls at once in part, rises by a quarter in a second.
  mutating func take(meanSquare: Float) {
    floor = meanSquare < floor ? floor + 0.2 * (meanSquare - floor) : floor * 1.005
    floor = min(max(floor, Self.lowest), Self.highest)
  }

  /// Whether a frame of this level is background.
  func isQuiet(meanSquare: Float) -> Bool { meanSquare <= 2 * floor }
}
