internal import Audio
public import Core
public import NIOCore

/// What is said on a line that an earlier process left, before it is ended. There is no conversation any more: nothing is listened
/// to, and nothing is written down.
public struct LastWord: Sendable {
  /// What came of it.
  public enum Outcome: String, Hashable, Sendable {
    /// It left to its last sample.
    case said
    /// The line ended, or was put on hold, before that.
    case cutOff = "cut_off"
    /// The line did not come back.
    case unanswered
    /// No voice could say it in time.
    case voiceless
  }
  private enum Step {
    case line(LineEvent)
    case played(isWhole: Bool)
  }
  /// What a synthesis may take, for all lines together and for one alone.
  private static let preparing = Duration.seconds(5)
  private static let making = Duration.seconds(3)
  /// The longest that one line is kept, however long the words are.
  private static let longest = TimeAmount.seconds(20)
  private static let waiting = 16

  private let sentences: [String]
  private let voice: Voice

  /// Words, as they are spoken, without a caller's values.
  public init(_ sentences: [String], by voice: Voice) {
    self.sentences = sentences
    self.voice = voice
  }

  /// Makes the sound once for all lines that are to hear it.
  public func prepare() async { await voice.prepare(sentences, isAwaited: true, within: Self.preparing) }

  /// Says it on a line and hangs up. Returns when the line is over; 20 s after it was taken up at the latest.
  ///
  /// - Parameters:
  ///   - loop: where the line's sound lives.
  ///   - takeUp: asks for the line, and takes who is to get its events. Its errors are thrown on; nil counts as `unanswered`.
  public func say(
    on loop: any EventLoop, to takeUp: (@escaping @Sendable (LineEvent) -> Void) async throws -> DialledLeg?
  ) async throws -> Outcome {
    let (steps, told) = AsyncStream.makeStream(of: Step.self, bufferingPolicy: .bufferingNewest(Self.waiting))
    guard let leg = try await takeUp({ told.yield(.line($0)) }) else { return .unanswered }
    let player = NIOLoopBoundBox<WordPlayer?>.makeEmptyBox(eventLoop: loop)
    let limit = loop.scheduleTask(in: Self.longest) { told.finish() }
    defer {
      limit.cancel()
      leg.line.hangUp()
      loop.execute { player.value?.stop() }
    }
    var outcome = Outcome.unanswered
    for await step in steps {
      switch step {
      case .line(.connected):
        outcome = .voiceless
        guard let clips = await clips(at: try await loop.submit { leg.sound().rate }.get()) else { return outcome }
        outcome = .cutOff
        loop.execute {
          player.value = WordPlayer(clips, on: leg.sound(), loop: loop) {
            told.yield(.played(isWhole: $0))
          }
          player.value?.start()
        }
      // On hold it would be said to nobody.
      case .line(.held(true)), .line(.failed), .line(.ended): return outcome
      case .played(let isWhole): return isWhole ? .said : .cutOff
      case .line: break
      }
    }
    return outcome
  }

  private func clips(at rate: AudioRate) async -> [AudioClip]? {
    var clips: [AudioClip] = []
    for sentence in sentences {
      let clip = try? await voice.clip(
        for: sentence, line: rate, isConstant: true, isAwaited: true, deadline: .now + Self.making)
      guard let clip else { return nil }
      clips.append(clip)
    }
    return clips
  }
}
