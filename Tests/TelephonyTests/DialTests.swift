import Audio
import Core
import Logging
import NIOCore
import Signalling
import Testing

@testable import Telephony

@Suite struct `A call of ours` {
  private typealias Who = `Who may call`
  /// Mu-law 0x80 and 0x00.
  private static let (first, second): (Int16, Int16) = (32_124, -32_124)

  @Test func `goes to the place, rings, is answered, heard both ways and ended`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      #expect(call.invite.method == "INVITE" && call.invite.uri == "sip:alice@127.0.0.1:\(phone.port)")
      #expect(call.invite["Contact"] == "<sip:repartee@\(rig.name)>" && call.invite.audioPort == rig.media)
      #expect(call.invite.body.contains("c=IN IP4 \(rig.address)\r\n") && call.line.identity != nil)
      try await call.respond("180 Ringing")
      #expect(await call.events.next() == .ringing)
      let ack = try await call.connect()
      #expect(ack.uri == "sip:alice@127.0.0.1:\(phone.port)" && ack.number == 1)
      let talk = call.talk
      try await talk.pull(from: 0)
      try await talk.send((0..<10).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived == 10 }
      let heard = try await talk.pull(10, from: 20_000).filter { $0.kind == .received }
      #expect(!heard.isEmpty && heard.allSatisfy { $0.samples.allSatisfy { $0 == Self.first } })
      try await talk.push(1, Self.first)
      #expect(try await call.rtp.packet().payload == [UInt8](repeating: 0x80, count: 160))
      // What a caller's line does before its answer is nothing here.
      call.line.answer()
      call.line.hangUp()
      let bye = try await phone.next()
      #expect(bye.method == "BYE" && bye.number == 2 && bye.tag == "callee")
      try await phone.send(bye.answer("200 OK"), to: rig)
      #expect(await call.events.next() == .ended(by: .agent))
      #expect(await rig.mediaIsFree())
    }
  }

  @Test func `is heard before it is answered, and is answered all the same`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      try await call.respond("183 Session Progress", speaks: true)
      let talk = call.talk
      try await talk.pull(from: 0)
      // The answer may be read after the first packets: they are sent until one is taken.
      let end = NIODeadline.now() + .minutes(2)
      var number = 0
      while try await talk.onLoop({ $0.report.packetsReceived }) == 0 {
        try #require(NIODeadline.now() < end, "nothing is heard before the answer")
        try await talk.send([.sound(0x00, number % 50_000)])
        number += 1
      }
      number %= 50_000
      try await talk.send((number..<number + 10).map { .sound(0x00, $0) })
      try await talk.until { $0.packetsReceived > 10 }
      let heard = try await talk.pull(10, from: 20_000).filter { $0.kind == .received }
      #expect(!heard.isEmpty && heard.allSatisfy { $0.samples.allSatisfy { $0 == Self.second } })
      #expect(call.events.waiting.isEmpty)
      // The 200 need not repeat what the 183 said.
      try await call.respond("200 OK")
      #expect(try await phone.next().method == "ACK")
      #expect(await call.events.next() == .connected)
      try await talk.push(1, Self.first)
      #expect(try await call.rtp.packet().payload == [UInt8](repeating: 0x80, count: 160))
    }
  }

  @Test(arguments: [
    ("486 Busy Here", DialOutcome.busy), ("603 Decline", .declined), ("480 Temporarily Unavailable", .unavailable),
    ("302 Moved Temporarily", .moved), ("488 Not Acceptable Here", .notAcceptable), ("500 Server Error", .unreachable),
  ]) func `that is not answered tells why, and leaves nothing`(_ status: String, _ outcome: DialOutcome) async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      try await call.respond(status)
      #expect(try await phone.next().method == "ACK")
      let code = try #require(Int(status.prefix(3)))
      let phrase = code == 500 ? "Server Internal Error" : String(status.dropFirst(4))
      #expect(await call.events.next() == .status(NetworkStatus(code, phrase)), "in the standard's words")
      #expect(await call.events.next() == .failed(outcome))
      call.line.hangUp()
      call.line.transfer(to: "sip:bob@127.0.0.1", ringTimeout: .seconds(1))
      try await rig.settle()
      #expect(call.events.waiting.isEmpty && phone.arrivals.waiting.isEmpty)
      #expect(await rig.mediaIsFree())
    }
  }

  @Test func `hears nobody but whom it reached`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      _ = try await call.connect()
      let talk = call.talk
      try await talk.pull(from: 0)
      let elsewhere = try await rig.socket("127.0.0.2")
      try await talk.send((0..<5).map { .sound(0x00, $0) }, from: elsewhere)
      try await talk.send((0..<10).map { .sound(0x80, $0) })
      try await talk.until { $0.packetsReceived + $0.packetsRefused == 15 }
      #expect(try await talk.onLoop { $0.report.packetsRefused } == 5)
    }
  }

  @Test func `is answered by somebody who is no stranger`() async throws {
    try await withPhone({ $0.gate.stranger = RequestRate(perSecond: 1, burst: 1) }) { rig, phone in
      let call = try await rig.place(phone)
      for _ in 1...20 { try await call.respond("180 Ringing") }
      try await call.respond("200 OK", speaks: true)
      #expect(try await phone.next().method == "ACK")
      #expect(try await rig.endpoint.refusals()["rate"] == nil)
    }
  }

  @Test func `is given up by CANCEL, by us or by its time`() async throws {
    try await withPhone { rig, phone in
      for limit in [60_000, 3_000] {
        let call = try await rig.place(phone, ringTimeout: .milliseconds(limit))
        try await call.respond("180 Ringing")
        #expect(await call.events.next() == .ringing)
        if limit > 3_000 { call.line.reject(.overloaded) }
        let cancel = try await phone.next()
        #expect(cancel.method == "CANCEL" && cancel["Via"] == call.invite["Via"])
        #expect(await call.events.next() == .failed(limit > 3_000 ? .cancelled : .noAnswer))
        try await phone.send(cancel.answer("200 OK", tag: "callee"), to: rig)
        try await call.respond("487 Request Terminated")
        #expect(try await phone.next().method == "ACK")
      }
      #expect(await rig.mediaIsFree(4))
    }
  }

  @Test func `is put on hold and ended by the other side, who is no caller`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      _ = try await call.connect()
      try await call.send("INVITE", 1, body: Dial.sdp(port: call.rtp.port, ["a=sendonly"]))
      #expect(try await phone.next().status == 100)
      let held = try await phone.next()
      #expect(held.status == 200 && held.body.contains("a=recvonly") && held.audioPort == rig.media)
      #expect(held.body.contains(" 2 IN IP4 \(rig.address)"), "the second version of one session")
      #expect(await call.events.next() == .held(true))
      try await call.send("BYE", 2)
      #expect(try await phone.next().status == 200)
      #expect(await call.events.next() == .ended(by: .person))
    }
  }

  @Test func `that answers with an unknown host is acknowledged and ended`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      let sdp = Dial.sdp(port: 9_000).replacing("c=IN IP4 127.0.0.1", with: "c=IN IP4 no-such-host.invalid")
      let contact = "Contact: <sip:alice@127.0.0.1:\(phone.port)>"
      try await phone.send(call.invite.answer("200 OK", tag: "callee", [contact], body: sdp), to: rig)
      #expect(try await phone.next().method == "ACK")
      #expect(try await phone.next().method == "BYE")
      #expect(await call.events.next() == .failed(.notAcceptable))
      #expect(await rig.mediaIsFree())
    }
  }

  @Test func `goes over its trunk, by our name there, and answers the trunk's challenge`() async throws {
    try await withPhone({ configuration in
      let trunk = configuration.places["support"]?.uri
      configuration.places["support"] = Place(SIPURI(user: "+15550199", host: "carrier.invalid"), over: "carrier")
      configuration.trunks["carrier"] = trunk.map {
        Trunk(
          SIPURI(host: $0.host, port: $0.port), caller: SIPURI(user: "line", host: "carrier.invalid"),
          credentials: DialCredentials(realm: "carrier", DigestCredentials(user: "line", password: "secret")))
      }
    }) { rig, phone in
      let call = try await rig.place(phone)
      #expect(call.invite.uri == "sip:+15550199@carrier.invalid")
      #expect(call.invite["From"]?.hasPrefix("<sip:line@carrier.invalid>") == true)
      try await call.respond(
        "401 Unauthorized", ["WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n\", qop=\"auth\""])
      #expect(try await phone.next().method == "ACK")
      let second = try await phone.next()
      #expect(second.method == "INVITE" && second.number == 2)
      func field(_ name: String) -> String { second.parameter(name, of: "Authorization") ?? "" }
      let (account, request) = (Who.md5("line:carrier:secret"), Who.md5("INVITE:\(second.uri)"))
      #expect(field("response") == Who.md5("\(account):n:\(field("nc")):\(field("cnonce")):auth:\(request)"))
    }
  }

  @Test func `goes over a connection of its own when the place asks for TCP`() async throws {
    let (listener, connections) = try await StreamPeer.listen()
    let port = try #require(listener.localAddress?.port)
    let uri = try #require(SIPURI("sip:alice@127.0.0.1:\(port);transport=tcp"))
    try await withRig {
      $0.trusted = []
      $0.places = ["support": Place(uri)]
    } _: { rig in
      let events = Mailbox<LineEvent>()
      let request = DialRequest(to: "support", ringTimeout: .seconds(60))
      let line = try await rig.endpoint.dial(request, on: Rig.loops.media.next(), deliver: { events.put($0) })
      let phone = try #require(await connections.next())
      let invite = try #require(try await phone.next())
      #expect(invite["Via"]?.hasPrefix("SIP/2.0/TCP \(rig.name);") == true)
      #expect(invite["Contact"] == "<sip:repartee@\(rig.name);transport=tcp>")
      let contact = "Contact: <sip:alice@127.0.0.1:\(port);transport=tcp>"
      try await phone.send(invite.answer("200 OK", tag: "callee", [contact], body: Dial.sdp(port: 9_000)))
      #expect(try await phone.next()?.method == "ACK")
      #expect(await events.next() == .connected)
      line.hangUp()
      #expect(try await phone.next()?.method == "BYE")
    }
    try await listener.close()
  }

  @Test func `goes to no place that the configuration does not name`() async throws {
    try await withPhone { rig, phone in
      for place in ["sales", "sip:alice@127.0.0.1:\(phone.port)", ""] {
        let error = await #expect(throws: TelephonyError.self) {
          try await rig.endpoint.dial(
            DialRequest(to: place, ringTimeout: .seconds(1)), on: Rig.loops.media.next(), deliver: { _ in })
        }
        #expect(error?.kind == .unknownPlace)
      }
      try await rig.settle()
      #expect(phone.arrivals.waiting.isEmpty)
    }
  }

  @Test func `needs room and an endpoint that runs`() async throws {
    try await withPhone({ $0.maximumDials = 1 }) { rig, phone in
      let call = try await rig.place(phone)
      let events = Mailbox<LineEvent>()
      let request = DialRequest(to: "support", ringTimeout: .seconds(60))
      _ = try await rig.endpoint.dial(request, on: Rig.loops.media.next(), deliver: { events.put($0) })
      #expect(await events.next() == .failed(.overloaded))
      try await call.respond("180 Ringing")
      #expect(await call.events.next() == .ringing)
      await rig.endpoint.stop()
      #expect(try await phone.next().method == "CANCEL")
      #expect(await call.events.next() == .failed(.cancelled))
      let error = await #expect(throws: TelephonyError.self) {
        try await rig.endpoint.dial(request, on: Rig.loops.media.next(), deliver: { _ in })
      }
      #expect(error?.kind == .notRunning)
      #expect(await rig.mediaIsFree(4))
    }
  }

  static let odd: [(Place, Trunk?, TelephonyError.Kind)] = [
    (Place(SIPURI(host: "127.0.0.1"), over: "carrier"), nil, .badAddress),
    (Place(SIPURI(host: "127.0.0.1", isSecure: true)), nil, .unsupportedTransport),
    (
      Place(SIPURI(host: "127.0.0.1"), over: "carrier"), Trunk(SIPURI(host: "h", isSecure: true)), .unsupportedTransport
    ),
  ]

  @Test(arguments: odd.indices) func `to a place that nothing leads to is told at the start`(_ index: Int) async throws
  {
    let (place, trunk, kind) = Self.odd[index]
    let error = await #expect(throws: TelephonyError.self) {
      try await withPhone {
        $0.places["elsewhere"] = place
        $0.trunks["carrier"] = trunk
      } _: { _, _ in
      }
    }
    #expect(error?.kind == kind)
  }

  @Test(arguments: ["224.2.1.1", "255.255.255.255", "0.1.2.3", "2001:db8::1", "0x7f000001", "no-such-host.invalid"])
  func `that is answered with audio for nobody, or for many, is hung up`(_ host: String) async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      let contact = "Contact: <sip:alice@127.0.0.1:\(phone.port)>"
      let answer = call.invite.answer(
        "200 OK", tag: "callee", [contact], body: Dial.sdp(host: host, port: call.rtp.port))
      try await phone.send(answer, to: rig)
      #expect(try await phone.next().method == "ACK")
      #expect(try await phone.next().method == "BYE")
      #expect(await call.events.next() == .failed(.notAcceptable))
    }
  }

  @Test func `that rings is given up after a crash by the identity that it has from the start`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      try await call.respond("180 Ringing")
      #expect(await call.events.next() == .ringing)
      let identity = try #require(call.line.identity)
      // The later process: an endpoint that has sent nothing.
      var configuration = rig.endpoint.configuration
      configuration.port = 0
      let next = SIPEndpoint(configuration, loops: Rig.loops, logger: Logger(label: "test"))
      let port = Int(try await next.start { _ in })
      func send(_ text: String) async throws { try await phone.send(Array(text.utf8), to: rig.address, port) }
      next.recover(identity)
      let cancel = try await phone.next()
      #expect(cancel.method == "CANCEL" && cancel.uri == call.invite.uri && cancel["Via"] == call.invite["Via"])
      for name in ["From", "To", "Call-ID"] { #expect(cancel[name] == call.invite[name]) }
      #expect(cancel.number == call.invite.number)
      try await send(cancel.answer("200 OK"))
      let contact = "Contact: <sip:alice@127.0.0.1:\(phone.port)>"
      try await send(call.invite.answer("200 OK", tag: "callee", [contact], body: Dial.sdp(port: call.rtp.port)))
      #expect(try await phone.next().method == "ACK")
      let bye = try await phone.next()
      #expect(bye.method == "BYE" && bye.tag == "callee" && bye["Call-ID"] == call.invite["Call-ID"])
      await next.stop()
    }
  }

  @Test func `is ended after a crash by the identity that it has when it is connected`() async throws {
    try await withPhone { rig, phone in
      let call = try await rig.place(phone)
      _ = try await call.connect()
      rig.endpoint.recover(try #require(call.line.identity))
      let bye = try await phone.next()
      #expect(bye.method == "BYE" && bye.number > 1_000 && bye.tag == "callee")
      #expect(bye["Call-ID"] == call.invite["Call-ID"] && bye["From"] == call.invite["From"])
    }
  }
}
