import Audio
import Core
import Glibc
import Speech

/// What the caller sends: 15 s of speech and pauses as RTP payloads, over and over.
struct CallerAudio {
  /// Frames until it begins anew.
  static let frames = 750
  /// The payload of each frame, mu-law.
  let payloads: [[UInt8]]

  /// Voiced sound of 1.2 s, silence of 1.3 s, and so on; a little noise under both.
  init() {
    var random: UInt64 = 88_172_645_463_325_252
    payloads = (0..<Self.frames).map { frame in
      let isVoiced = frame % 125 < 60
      return (0..<AudioRate.narrowband.frame).map { index in
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        var sample = Double(random % 61) - 30
        if isVoiced {
          let time = Double(frame * AudioRate.narrowband.frame + index) / Double(AudioRate.narrowband.hertz)
          for harmonic in 1...6 { sample += 3_000 / Double(harmonic) * sin(2 * .pi * 140 * Double(harmonic) * time) }
        }
        return G711.muLaw.encode(Int16(max(-32_000, min(32_000, sample))))
      }
    }
  }
}

/// One call's sound without sockets and without a call: what a tick does to the frames of both directions.
final class FramePath {
  private let audio: CallerAudio
  private let agent: [Int16]
  private let codec: any Codec = G711Codec(.muLaw)
  private var jitter = JitterBuffer()
  private let detector = EnergyDetector()
  private var gate = SpeechGate()
  private var recorder = UtteranceRecorder()
  private var playout = Playout()
  private let frame = FrameBuffer()
  private let window: FrameBuffer
  private var windowFill = 0
  private var octets = [UInt8](repeating: 0, count: AudioRate.narrowband.frame)
  private var ticks = 0
  private var utterances = 0
  /// How often voice began or ended.
  private(set) var events = 0

  init(_ audio: CallerAudio) {
    self.audio = audio
    window = FrameBuffer(count: detector.windowLength)
    agent = (0..<CallerAudio.frames * AudioRate.narrowband.frame).map { Int16(8_000 * sin(Double($0) / 9)) }
  }

  /// What became of the audio.
  var report: MediaReport { jitter.report }

  /// The next 15 s; the agent speaks all the while.
  func pass() {
    utterances += 1
    playout.begin(UtteranceID(utterances), sentences: 1)
    playout.append(agent, to: UtteranceID(utterances), sentence: 0)
    for index in 0..<CallerAudio.frames { tick(audio.payloads[index]) }
  }

  private func tick(_ payload: [UInt8]) {
    let instant = CallInstant.milliseconds(ticks * 20)
    jitter.insert(
      sequence: UInt16(truncatingIfNeeded: ticks),
      timestamp: UInt32(truncatingIfNeeded: ticks * AudioRate.narrowband.frame),
      source: 1, payload: payload.span, codec: codec, arrival: instant)
    ticks += 1
    let samples = frame.samples
    var pulled = samples.mutableSpan
    _ = jitter.pull(into: &pulled, at: instant)
    recorder.append(samples.span, at: instant)
    for sample in samples {
      window.samples[windowFill] = sample
      windowFill += 1
      if windowFill == window.samples.count { judge(at: instant) }
    }
    var spoken = samples.mutableSpan
    playout.pull(into: &spoken, at: instant)
    while playout.nextReport() != nil {}
    var out = octets.mutableSpan
    _ = codec.encode(samples.span, into: &out)
    consume(octets[0])
  }

  private func judge(at instant: CallInstant) {
    windowFill = 0
    let samples = UnsafeBufferPointer(window.samples)
    let event = gate.step(
      probability: detector.probability(of: samples.span), level: samples.span.levelInDecibels, start: instant,
      length: AudioRate.narrowband.span(of: samples.count))
    switch event {
    case nil: break
    case .speechStarted(let instant):
      events += 1
      recorder.open(at: instant)
    case .speechEnded:
      events += 1
      _ = recorder.close(at: instant)
      recorder.reserve()
    }
  }
}

/// Nothing but the codec: the frame's octets to samples and back.
final class BareCodec {
  private let audio: CallerAudio
  private let frame = FrameBuffer()
  private var octets = [UInt8](repeating: 0, count: AudioRate.narrowband.frame)

  init(_ audio: CallerAudio) { self.audio = audio }

  func pass() {
    for payload in audio.payloads {
      let samples = frame.samples
      var span = samples.mutableSpan
      G711.muLaw.decode(payload.span, into: &span)
      var out = octets.mutableSpan
      G711.muLaw.encode(samples.span, into: &out)
      consume(octets[0])
    }
  }
}
