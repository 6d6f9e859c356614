internal import Audio

/// A leg's seat at a mixer whose frames may have another rate than the leg's.
///
/// Isolation: its leg's loop. Allocates when the leg's rate changes, and nothing per frame.
final class MixSeat {
  private let seat: Mixer.Seat
  private let mixer: Mixer
  /// Bring frames there and back; nil when the rates are equal.
  private var there: FrameConverter?
  private var back: (mixed: FrameBuffer, converter: FrameConverter)?

  init(_ seat: Mixer.Seat, at mixer: Mixer, rate: AudioRate) {
    self.seat = seat
    self.mixer = mixer
    follow(rate)
  }

  /// The leg's frames have this rate from now on.
  func follow(_ rate: AudioRate) {
    let isEqual = rate == mixer.rate
    there = isEqual ? nil : FrameConverter(from: rate, to: mixer.rate.hertz)
    back = isEqual ? nil : (FrameBuffer(rate: mixer.rate), FrameConverter(from: mixer.rate, to: rate.hertz))
  }

  /// What the leg's party says.
  func put(_ frame: Span<Int16>) {
    guard let there else { return mixer.put(frame, from: seat) }
    mixer.put(there.convert(frame).span, from: seat)
  }

  /// Adds what the leg's party hears of the others.
  func add(to frame: inout MutableSpan<Int16>) {
    guard let back else { return mixer.add(to: &frame, for: seat) }
    let mixed = back.mixed.samples
    mixed.update(repeating: 0)
    var span = mixed.mutableSpan
    mixer.add(to: &span, for: seat)
    let converted = back.converter.convert(mixed.span)
    var index = 0
    while index < min(frame.count, converted.count) {
      frame[index] = Int16(clamping: Int32(frame[index]) + Int32(converted[index]))
      index += 1
    }
  }

  /// Nothing is heard of the leg any more.
  func leave() { mixer.leave(seat) }
}
