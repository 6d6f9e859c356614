import ArgumentParser

/// A number of things, as an option says it.
enum Count {
  /// Options that take one take whatever stands behind them: `-1` is a number that is too small, and no option.
  static func read(_ text: String) throws -> Int {
    guard let count = Int(text), count >= 1 else { throw ValidationError("a whole number, at least 1") }
    return count
  }
}
