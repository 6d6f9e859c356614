internal import Core
internal import NIOCore

/// The hands of a session: timers are its loop's, the line its caller's leg, work runs off the loop.
///
/// Isolation: a part of its session, reached from its session only. A class, so that what is under way is changed in place
/// while an effect is performed.
final class LiveHost: EffectHost {
  var underWay = UnderWay<Scheduled<Void>, Job>()
  private unowned let session: Session

  init(_ session: Session) { self.session = session }

  /// Who does a piece of work.
  enum Job: Sendable {
    /// A task off the loop.
    case task(UInt64)
    /// The caller's line, or whoever rings.
    case transfer(EffectID)
    /// Nobody: its result was there.
    case done

    /// The task, where it is one.
    var task: UInt64? { if case .task(let id) = self { id } else { nil } }
  }

  func arm(_ timer: TimerID, at instant: CallInstant) -> Scheduled<Void> {
    session.loop.assumeIsolated().scheduleTask(deadline: session.clock.deadline(of: instant)) {
      [weak session] in
      session?.assumeIsolated { $0.isDue(timer, at: instant) }
    }
  }

  func disarm(_ alarm: Scheduled<Void>) { alarm.cancel() }
  func start(_ work: Work) -> Job { session.assumeIsolated { $0.undertake(work) } }
  func giveUp(_ job: Job) { session.assumeIsolated { $0.giveUp(job) } }
  func listen() { session.assumeIsolated { $0.resumeWaiting() } }
  func speak(_ utterance: Utterance) { session.assumeIsolated { $0.speak(utterance) } }
  func pause(_ id: UtteranceID) { session.assumeIsolated { $0.caller?.sound?.pause(id, at: $0.now) } }
  func resume(_ id: UtteranceID) { session.assumeIsolated { $0.caller?.sound?.resume(id, at: $0.now) } }
  func stop(_ id: UtteranceID) { session.assumeIsolated { $0.stopSpeaking(from: id) } }
  // Whom the server joined with a person is no longer ours to end.
  func endLine(_ reason: HangUpReason) {
    session.assumeIsolated { if $0.bridge?.isJoined != true { $0.hangUpCaller() } }
  }
  func suspend() {}
}
