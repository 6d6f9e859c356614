import Core

/// Gives packets the timestamps that a right clock would have said, where a sender counts in another unit than the
/// codec's: at another rate, in milliseconds, or not at all.
///
/// A wrong clock shows itself in packets that follow one another by their numbers: each steps by the same amount, which is
/// not the length of its audio, although they come as far apart as their audio lasts. From then on the places follow
/// from the numbers, until the clock has been right for as long. Allocates nothing.
struct StreamClock: Hashable, Sendable {
  /// So many packets in a row are a proof.
  private static let proof = 10

  private struct Place: Hashable {
    var sequence: UInt16
    var timestamp: UInt32
    var count: Int
  }
  private let units: StreamUnits
  /// The newest packet as it came.
  private var last: Place?
  /// The newest packet where it belongs, while the clock is not believed.
  private var mended: Place?
  private var step: UInt32 = 0
  private var run = 0
  private var runStart = CallInstant.zero

  init(_ units: StreamUnits) { self.units = units }

  /// The timestamp to go by for a packet that lasts `count` of the clock's steps.
  mutating func timestamp(
    sequence: UInt16, timestamp: UInt32, count: Int, arrival: CallInstant
  ) -> UInt32 {
    let now = Place(sequence: sequence, timestamp: timestamp, count: count)
    observe(now, arrival: arrival)
    guard let place = mended else { return timestamp }
    let ahead = Int(Int16(bitPattern: sequence &- place.sequence))
    let right = place.timestamp &+ UInt32(truncatingIfNeeded: ahead * place.count)
    if ahead > 0 { mended = Place(sequence: sequence, timestamp: right, count: count) }
    return right
  }

  private mutating func observe(_ now: Place, arrival: CallInstant) {
    guard let last else { return last = now }
    let ahead = Int16(bitPattern: now.sequence &- last.sequence)
    guard ahead == 1, now.count == last.count else {
      if ahead > 0 || ahead < -64 {
        self.last = now
        run = 0
      }
      return
    }
    self.last = now
    let step = now.timestamp &- last.timestamp
    if run == 0 || step != self.step {
      self.step = step
      run = 0
      runStart = arrival
    }
    run += 1
    guard run > Self.proof else { return }
    run = 0
    if step == UInt32(now.count) {
      mended = nil
    } else if mended == nil, comesAsItSounds(now, arrival) {
      mended = now
    }
  }

  /// Whether the packets of the run came as far apart as their audio lasts, and not as far apart as their clock says.
  private func comesAsItSounds(_ now: Place, _ arrival: CallInstant) -> Bool {
    let elapsed = (arrival - runStart).microseconds
    let sounding = units.microseconds(of: now.count * Self.proof)
    let said = units.microseconds(of: Int(Int32(bitPattern: step)) * Self.proof)
    return abs(elapsed - sounding) < min(sounding / 3, abs(elapsed - said))
  }
}
