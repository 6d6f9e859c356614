internal import Audio
internal import Core
internal import NIOCore

/// Plays clips once on a line that has no session: 20 ms a beat, between two short silences.
///
/// Isolation: its loop. A beat allocates nothing.
final class WordPlayer {
  /// A telephone that is told of new audio needs a moment; what is on its way when the line ends would be lost.
  private static let margin = CallSpan.milliseconds(300)

  private let port: any MediaPort
  private let loop: any EventLoop
  private let rate: AudioRate
  private let samples: [Int16]
  private let frame: FrameBuffer
  private let done: (Bool) -> Void
  private var position = 0
  private var clock: BeatClock
  private var scheduled: Scheduled<Void>?

  /// - Parameters:
  ///   - clips: at the line's rate.
  ///   - done: called once, unless it is stopped before; whether all of it was played.
  init(_ clips: [AudioClip], on port: any MediaPort, loop: any EventLoop, done: @escaping (Bool) -> Void) {
    self.port = port
    self.loop = loop
    self.done = done
    rate = port.rate
    let silence = [Int16](repeating: 0, count: Int(Self.margin.milliseconds) * rate.hertz / 1_000)
    samples = silence + clips.flatMap(\.samples) + silence
    frame = FrameBuffer(rate: rate)
    clock = BeatClock(origin: loop.now)
  }

  func start() { schedule() }

  func stop() {
    scheduled?.cancel()
    scheduled = nil
  }

  private func schedule() {
    scheduled = loop.assumeIsolated().scheduleTask(deadline: clock.next) { [weak self] in self?.wake() }
  }

  private func wake() {
    scheduled = nil
    // What was made for another rate cannot be played on.
    guard port.rate == rate else { return done(false) }
    let due = clock.take(at: loop.now)
    port.skip(due.lost)
    for beat in due.beats { play(at: CallInstant(microseconds: Int64(beat) * 20_000), sends: due.sends(beat)) }
    if position < samples.count { schedule() } else { done(true) }
  }

  private func play(at instant: CallInstant, sends: Bool) {
    let buffer = frame.samples
    var span = buffer.mutableSpan
    _ = port.pull(into: &span, at: instant)
    while port.nextKey() != nil {}
    guard sends else { return port.skip(1) }
    for index in buffer.indices {
      buffer[index] = position + index < samples.count ? samples[position + index] : 0
    }
    position += buffer.count
    port.push(buffer.span, at: instant)
  }
}
