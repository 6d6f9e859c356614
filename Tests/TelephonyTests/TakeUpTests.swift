import Core
import NIOCore
import Signalling
import Telephony
import Testing

@Suite struct `A call of an earlier process` {
  private static let loop = Rig.loops.media.next()

  /// Calls an endpoint, which is gone then without a word that counts; what its journal kept, and the phone.
  private static func leave(_ phone: DatagramPeer) async throws -> String {
    var identity = ""
    try await withRig { rig in
      let dial = Dial(id: "one", port: phone.port, server: rig.name)
      try await phone.send(dial.request("INVITE", body: Dial.sdp(port: 9_000)), to: rig)
      let line = try await rig.arrival().line
      line.answer()
      identity = try #require(line.identity)
      #expect(try await phone.next().status == 100)
      let answer = try await phone.next()
      try await phone.send(dial.request("ACK", tag: answer.tag, branch: "ack"), to: rig)
    }
    return identity
  }

  /// A later endpoint takes the call up.
  private static func takingUp(
    patience: CallSpan = .seconds(60),
    _ body: (Rig, DatagramPeer, SIPLine, Mailbox<LineEvent>, Message) async throws -> Void
  ) async throws {
    let phone = try await DatagramPeer.open()
    let identity = try await leave(phone)
    try await withRig { rig in
      let events = Mailbox<LineEvent>()
      let line = try await rig.endpoint.takeUp(identity, within: patience, on: loop) {
        if $0 != .moved { events.put($0) }
      }
      // The first endpoint was not killed: it said goodbye, perhaps twice.
      var invite = try await phone.next()
      while invite.number <= 1_000 { invite = try await phone.next() }
      try await body(rig, phone, try #require(line), events, invite)
    }
    try await phone.channel.close()
  }

  @Test func `is offered this process's audio, is heard, and ended`() async throws {
    try await Self.takingUp { rig, phone, line, events, invite in
      #expect(invite.method == "INVITE" && invite["Call-ID"] == "one@caller.invalid" && invite.tag == "from-one")
      #expect(invite.audioPort == rig.media && invite.body.contains("c=IN IP4 \(rig.address)\r\n"))
      let rtp = try await rig.socket()
      try await phone.send(invite.answer("200 OK", body: Dial.sdp(port: rtp.port)), to: rig)
      let ack = try await phone.next()
      #expect(ack.method == "ACK" && ack.number == invite.number)
      #expect(await events.next() == .connected)
      let talk = Talk(
        rig: rig, phone: phone, dial: Dial(id: "one", port: phone.port, server: rig.name), line: line, events: events,
        answer: invite, rtp: rtp, rtcp: rtp)
      try await talk.push(1, 32_124)
      #expect(try await rtp.packet().payload == [UInt8](repeating: 0x80, count: 160))
      line.hangUp()
      let bye = try await phone.next()
      #expect(bye.method == "BYE" && bye.number == invite.number + 1)
      try await phone.send(bye.answer("200 OK"), to: rig)
      #expect(await events.next() == .ended(by: .agent))
      #expect(await rig.mediaIsFree())
    }
  }

  @Test(arguments: [("481 Call/Transaction Does Not Exist", false), ("488 Not Acceptable Here", true)])
  func `that does not come back is told BYE, unless nobody knows of it`(_ status: String, _ isToldBye: Bool)
    async throws
  {
    try await Self.takingUp { rig, phone, _, events, invite in
      try await phone.send(invite.answer(status), to: rig)
      #expect(try await phone.next().method == "ACK")
      guard case .failed? = await events.next() else {
        Issue.record("not told")
        return
      }
      #expect(await rig.mediaIsFree())
      if isToldBye {
        #expect(try await phone.next().method == "BYE")
      } else {
        try await rig.settle()
        #expect(rig.log.waiting.allSatisfy { $0.message.method != "BYE" })
      }
    }
  }

  @Test func `is waited for no longer than told`() async throws {
    try await Self.takingUp(patience: .milliseconds(50)) { rig, phone, _, events, _ in
      let bye = try await phone.next()
      #expect(bye.method == "BYE")
      guard case .failed? = await events.next() else {
        Issue.record("not told")
        return
      }
      #expect(await rig.mediaIsFree())
    }
  }

  @Test func `whose record is none is nobody, and takes no port`() async throws {
    try await withRig { rig in
      let line = try await rig.endpoint.takeUp("no identity", within: .seconds(4), on: Self.loop) { _ in }
      #expect(line == nil)
      #expect(await rig.mediaIsFree())
    }
  }
}
