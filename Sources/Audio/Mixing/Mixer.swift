/// Who hears whom among the legs of one session, frame by frame: a caller, a person, and somebody who listens.
///
/// A leg puts its frame and takes the sum of those it hears in its own step of the tick, so that a voice arrives at once or one
/// frame later, by the order of the steps. Isolation: one loop. Nothing here allocates after the start.
public final class Mixer {
  /// A place at the mixer.
  public enum Seat: Int, CaseIterable, Sendable {
    case caller, person, listener
  }

  /// Whether a listener is heard, and by whom.
  public enum Listening: Hashable, Sendable {
    /// By nobody.
    case silently
    /// By the person only.
    case whispering
    /// By both.
    case speaking
  }

  /// The rate of all frames that meet here.
  public let rate: AudioRate
  private let ofCaller: FrameBuffer
  private let ofPerson: FrameBuffer
  private let ofListener: FrameBuffer
  /// The seats at which a frame lies, a bit each.
  private var taken: UInt8 = 0
  private var listening = Listening.silently

  /// A mixer at which nobody sits.
  public init(rate: AudioRate) {
    self.rate = rate
    ofCaller = FrameBuffer(rate: rate)
    ofPerson = FrameBuffer(rate: rate)
    ofListener = FrameBuffer(rate: rate)
  }

  /// Lets a listener be heard, or not.
  public func set(_ listening: Listening) { self.listening = listening }

  /// Puts the frame of a seat in the place of its last one.
  /// - Parameter frame: 20 ms at the mixer's rate.
  public func put(_ frame: Span<Int16>, from seat: Seat) {
    let samples = samples(of: seat)
    var index = 0
    while index < min(frame.count, samples.count) {
      samples[index] = frame[index]
      index += 1
    }
    taken |= Self.bit(of: seat)
  }

  /// Nothing is heard of a seat any more.
  public func leave(_ seat: Seat) { taken &= ~Self.bit(of: seat) }

  private static func bit(of seat: Seat) -> UInt8 { seat == .caller ? 1 : seat == .person ? 2 : 4 }

  /// Adds to a frame what a seat hears of the others; what is too loud is cut off at full scale.
  /// - Parameter frame: 20 ms at the mixer's rate.
  public func add(to frame: inout MutableSpan<Int16>, for seat: Seat) {
    add(.caller, to: &frame, for: seat)
    add(.person, to: &frame, for: seat)
    add(.listener, to: &frame, for: seat)
  }

  private func add(_ speaker: Seat, to frame: inout MutableSpan<Int16>, for seat: Seat) {
    guard taken & Self.bit(of: speaker) != 0, hears(seat, speaker) else { return }
    let samples = samples(of: speaker)
    var index = 0
    while index < min(frame.count, samples.count) {
      frame[index] = Int16(clamping: Int32(frame[index]) + Int32(samples[index]))
      index += 1
    }
  }

  private func samples(of seat: Seat) -> UnsafeMutableBufferPointer<Int16> {
    switch seat {
    case .caller: ofCaller.samples
    case .person: ofPerson.samples
    case .listener: ofListener.samples
    }
  }

  private func hears(_ seat: Seat, _ speaker: Seat) -> Bool {
    switch (seat, speaker) {
    case (.caller, .person), (.person, .caller), (.listener, .caller), (.listener, .person): true
    case (.person, .listener): listening != .silently
    case (.caller, .listener): listening == .speaking
    case (.caller, .caller), (.person, .person), (.listener, .listener): false
    }
  }
}
