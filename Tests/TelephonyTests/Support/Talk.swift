import Audio
import Core
import NIOCore
import Telephony
import Testing

/// A call from the test's phone that was answered and acknowledged.
struct Talk: Sendable {
  let rig: Rig
  let phone: DatagramPeer
  let dial: Dial
  let line: SIPLine
  let events: Mailbox<LineEvent>
  /// The 200.
  let answer: Message
  let rtp: DatagramPeer
  let rtcp: DatagramPeer

  /// The tag that the endpoint gave.
  var tag: String { answer.tag ?? "" }
  /// Where the endpoint takes audio.
  var media: Int { answer.audioPort ?? 0 }

  /// What a pull gave.
  struct Heard: Sendable {
    var kind: PulledFrame
    var samples: [Int16]
  }

  /// A request of the caller inside the dialog.
  func send(
    _ method: String, _ number: Int, branch: String? = nil, _ lines: [String] = [], type: String = "application/sdp",
    body: String = ""
  ) async throws {
    try await phone.send(
      dial.request(method, number, tag: tag, branch: branch, lines, type: type, body: body), to: rig)
  }

  /// Packets to the endpoint's audio port, from the phone's or from elsewhere.
  func send(_ packets: [Packet], from socket: DatagramPeer? = nil) async throws {
    for packet in packets { try await (socket ?? rtp).send(packet.bytes, to: rig.address, media) }
  }

  func onLoop<Value: Sendable>(_ body: @escaping @Sendable (any MediaPort) -> Value) async throws -> Value {
    try await line.loop.submit { [line] in body(line.mediaPort.value) }.get()
  }

  /// Takes frames one after another on the call's clock, which the first pull starts.
  @discardableResult
  func pull(_ count: Int = 1, from milliseconds: Int) async throws -> [Heard] {
    try await onLoop { port in
      let buffer = FrameBuffer(rate: port.rate)
      return (0..<count).map { number in
        var frame = buffer.samples.mutableSpan
        let kind = port.pull(into: &frame, at: .milliseconds(milliseconds + 20 * number))
        return Heard(kind: kind, samples: Array(buffer.samples))
      }
    }
  }

  /// Sends frames of one value.
  func push(_ count: Int = 1, _ value: Int16 = 0, from milliseconds: Int = 0) async throws {
    try await onLoop { port in
      let buffer = FrameBuffer(rate: port.rate)
      buffer.samples.update(repeating: value)
      for number in 0..<count { port.push(buffer.samples.span, at: .milliseconds(milliseconds + 20 * number)) }
    }
  }

  /// Turn by turn of the call's loop, until the report is so.
  func until(_ here: Testing.SourceLocation = #_sourceLocation, _ holds: (MediaReport) -> Bool) async throws {
    let end = NIODeadline.now() + .minutes(2)
    var report = MediaReport()
    repeat {
      report = try await onLoop { $0.report }
      if holds(report) { return }
    } while NIODeadline.now() < end
    Issue.record("the report stays \(report)", sourceLocation: here)
  }

  /// Turn by turn of the call's loop, until there is a key.
  func key() async throws -> Character? {
    let end = NIODeadline.now() + .minutes(2)
    repeat {
      if let key = try await onLoop({ $0.nextKey() }) { return key }
    } while NIODeadline.now() < end
    return nil
  }
}

extension Rig {
  /// A call over UDP up to its ACK.
  /// - Parameter offer: the INVITE's, for the phone's ports of RTP and RTCP.
  func connect(
    _ id: String = "one", _ change: (inout Dial) -> Void = { _ in },
    offer: (Int, Int) -> String = { Dial.sdp(port: $0, control: $1) }
  ) async throws -> Talk {
    let (phone, rtp, rtcp) = (try await socket(), try await socket(), try await socket())
    var dial = Dial(id: id, port: phone.port, server: name)
    change(&dial)
    try await phone.send(dial.request("INVITE", body: offer(rtp.port, rtcp.port)), to: self)
    let line = try await arrival().line
    let events = Mailbox<LineEvent>()
    line.deliver { events.put($0) }
    line.answer()
    #expect(try await phone.next().status == 100)
    let answer = try await phone.next()
    try #require(answer.status == 200)
    try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"), to: self)
    #expect(await events.next() == .connected)
    return Talk(
      rig: self, phone: phone, dial: dial, line: line, events: events, answer: answer, rtp: rtp, rtcp: rtcp)
  }
}
