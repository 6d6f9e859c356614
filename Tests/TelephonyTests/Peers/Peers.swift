import Audio
import Core
import Foundation
import NIOCore
import Signalling
import Telephony
import TestSupport
import Testing

/// Other people's SIP stacks, called by us, and judged by what they themselves say: a program's exit status, its log, its recording.
///
/// In a process of their own, `REPARTEE_PEERS=1 swift test --skip-build --filter '^TelephonyTests\\.Peers'`, one at a time: they take the
/// machine's time, and a process that is started while other tests open sockets would hold those open.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["REPARTEE_PEERS"] == "1")) struct Peers {}

/// A call of ours, its line and what it told.
struct PlacedCall: Sendable {
  let line: SIPLine
  let events: Mailbox<LineEvent>

  /// Waits for what the line tells next.
  func tells(_ event: LineEvent, _ here: Testing.SourceLocation = #_sourceLocation) async {
    #expect(await events.next() == event, sourceLocation: here)
  }
}

extension Rig {
  func call(_ place: String = "support", ringTimeout: CallSpan = .seconds(60)) async throws -> PlacedCall {
    let events = Mailbox<LineEvent>()
    let line = try await endpoint.dial(
      DialRequest(to: place, ringTimeout: ringTimeout), on: Rig.loops.media.next(), deliver: { events.put($0) })
    return PlacedCall(line: line, events: events)
  }
}

/// The audio of a call at its pace: what is heard is counted, and a tone is said. Isolation: the loop of the line.
final class Voice {
  private let port: any MediaPort
  private let buffer = FrameBuffer()
  private let enough: Mailbox<Void>
  private let wanted: Int
  private var frames = 0
  private var loud = 0

  init(port: any MediaPort, wanted: Int, enough: Mailbox<Void>) {
    self.port = port
    self.wanted = wanted
    self.enough = enough
  }

  /// One frame each way.
  func tick() {
    let now = CallInstant.milliseconds(20 * frames)
    var heard = buffer.samples.mutableSpan
    if port.pull(into: &heard, at: now) == .received, buffer.samples.contains(where: { abs(Int($0)) > 2_000 }) {
      loud += 1
      if loud == wanted { enough.put(()) }
    }
    for index in buffer.samples.indices {
      let time = Double(frames * buffer.samples.count + index) / 8_000
      buffer.samples[index] = Int16(8_000 * sin(2 * .pi * 400 * time))
    }
    port.push(buffer.samples.span, at: now)
    frames += 1
  }

  /// Speaks, and listens until so many frames of somebody's voice were heard.
  static func converse(on line: SIPLine, until wanted: Int) async throws -> Bool {
    let enough = Mailbox<Void>()
    let voice = try await line.loop.submit {
      let voice = Voice(port: line.mediaPort.value, wanted: wanted, enough: enough)
      return NIOLoopBound(voice, eventLoop: line.loop)
    }.get()
    let ticks = line.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in voice.value.tick()
    }
    let heard = await enough.next()
    ticks.cancel()
    return heard != nil
  }
}
