/// Which of the last 64 sequence numbers have come, to tell a packet that came twice. Survives wraps and restarts.
struct SequenceHistory: Hashable, Sendable {
  /// The newest so far.
  private(set) var highest: UInt16
  private var seen: UInt64 = 1

  init(first: UInt16) { highest = first }

  /// Notes a number.
  /// - Returns: false when it is surely a repetition.
  mutating func admit(_ sequence: UInt16) -> Bool {
    let ahead = Int(Int16(bitPattern: sequence &- highest))
    if ahead > 0 || ahead <= -64 {
      seen = ahead > 0 && ahead < 64 ? seen << UInt64(ahead) | 1 : 1
      highest = sequence
      return true
    }
    let bit: UInt64 = 1 << UInt64(-ahead)
    guard seen & bit == 0 else { return false }
    seen |= bit
    return true
  }
}
